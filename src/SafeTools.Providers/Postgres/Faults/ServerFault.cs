using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// The server's errors as refusals, by SQLSTATE (postgresql.org/docs/15/errcodes-appendix.html). The server's texts may hold rows, names and paths, so none is
/// passed on: a name is taken from the agent's own statement, at the place where the server points.
/// </summary>
internal static class ServerFault
{
    /// <summary>The routine of the server that refuses several statements in one Parse; a syntax error has the same SQLSTATE.</summary>
    private const string ParsesOne = "exec_parse_message";

    /// <summary>What the server's parser says where its stack is full; the SQLSTATE is that of a syntax error.</summary>
    private const string ParserIsFull = "memory exhausted";

    /// <summary>How Npgsql says that it has none.</summary>
    private const string AsksForAPassword = "No password has been provided";

    /// <summary>Whether it is a fault of the server or of the way to it, and not a bug of ours.</summary>
    public static bool Knows(Exception fault) => fault is NpgsqlException or IOException or SocketException or TimeoutException or AuthenticationException or DecoderFallbackException;

    /// <summary>The same, or that the call was stopped by us: its time was up, or its session was ended under it.</summary>
    public static bool KnowsOrStopped(Exception fault) => Knows(fault) || fault is OperationCanceledException or ObjectDisposedException;

    /// <summary>
    /// Whether the session is of no more use: everything but an ERROR that the server reported, after which it waits for the next statement
    /// (a transaction that was open has failed even so).
    /// </summary>
    public static bool EndsSession(Exception fault) => fault is not PostgresException { InvariantSeverity: "ERROR" };

    /// <summary>Whether the server said nothing, not even that it had cancelled: it, or the way to it, is gone without a word.</summary>
    public static bool IsSilence(Exception fault) => fault is TimeoutException or { InnerException: TimeoutException };

    /// <summary>What was cancelled before the server answered anything, as Npgsql says it of a statement.</summary>
    public static OperationCanceledException Silence(OperationCanceledException fault, CancellationToken token) =>
        new(fault.Message, new TimeoutException("No session was opened in time.", fault), token);

    /// <param name="sql">The text that was sent, in which the server's positions count.</param>
    /// <param name="time">How long it was allowed to run.</param>
    public static Refusal Of(Exception fault, string sql, TimeSpan time) => fault switch
    {
        PostgresException server => Of(server, sql, time),
        DecoderFallbackException => Unavailable("The server sent text that is not UTF-8."),
        NpgsqlException or IOException or SocketException or TimeoutException or AuthenticationException => OfTheWay(fault),
        _ => RefusalCatalog.InternalFault.Because("The statement could not be run."),
    };

    /// <summary>Why nothing answers, as far as what lies beneath tells.</summary>
    private static Refusal OfTheWay(Exception fault)
    {
        for (var cause = fault; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case AuthenticationException:
                    return Unavailable("The server's certificate could not be verified.");
                case SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain or SocketError.NoRecovery }:
                    return Unavailable("The name of the server's host is not known.");
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return Unavailable("Nothing answers at the server's address and port.");
                case TimeoutException:
                    return Unavailable("The server did not answer in time.");
                case NpgsqlException when cause.Message.StartsWith(AsksForAPassword, StringComparison.Ordinal):
                    return RefusalCatalog.CredentialRefused.Because("The server asks for a password, and the credential holds none.");
            }
        }

        return Unavailable("The server cannot be reached, or the connection to it broke.");
    }

    private static Refusal Of(PostgresException fault, string sql, TimeSpan time) => fault.SqlState switch
    {
        "57014" => TookTooLong(time),
        "25P03" => TookTooLong(time),
        "55P03" => Unavailable("Something that the statement reads is locked by others. Try again later."),
        "40001" or "40P01" => Unavailable("The server ended the statement in favour of other work, such as replication. Try again."),
        "42501" when EndsSession(fault) => NotLetIn(),
        "42501" => RefusalCatalog.NotReadable.Because("The credential lacks a right that the statement needs."),
        "42601" when fault.Routine == ParsesOne => RefusalCatalog.NotOneStatement.Because("Send exactly one statement; after it only a semicolon and comments may follow."),
        "42601" when fault.MessageText.StartsWith(ParserIsFull, StringComparison.Ordinal) => TooComplex(),
        "25006" or "25001" => NotARead("The statement does something that is not allowed while only reading."),
        "53400" or "53200" => TooCostly("The statement needs more memory or temporary space than the server gives it."),
        "53300" => Unavailable("The server has no connection to spare. Try again later."),
        "3D000" => Unavailable("The server has no such database."),
        "0A000" => InvalidStatement.Of("The server does not support what the statement asks for", fault, sql),
        "3F000" => InvalidStatement.Of(fault, sql),
        "55000" when EndsSession(fault) => Unavailable("The database takes no connections."),
        "55000" => RefusalCatalog.InvalidStatement.Because("Something that the statement reads cannot be read in its present state."),
        "22021" or "22P05" => RefusalCatalog.ValueNotComputed.Because("A text holds characters that cannot be represented in the encoding asked for."),
        "XX001" or "XX002" => Unavailable("The server found its data damaged."),
        _ => OfClass(fault, sql),
    };

    /// <summary>The first two characters say what kind of error it is.</summary>
    private static Refusal OfClass(PostgresException fault, string sql) => fault.SqlState.Length == 5 ? fault.SqlState[..2] switch
    {
        "20" or "21" or "22" or "2F" or "38" or "39" or "P0" => ValueFault.Of(fault, sql),
        "23" or "27" or "2B" or "2D" or "44" => NotARead("The statement does something that is not allowed while only reading."),
        "26" or "34" or "42" => InvalidStatement.Of(fault, sql),
        "28" => NotLetIn(),
        "54" => TooComplex(),
        "53" => Unavailable("The server is out of room."),
        "57" => Unavailable("The server is starting, stopping or was restarted. Try again later."),
        _ => Unavailable("The server could not run the statement."),
    }
    : Unavailable("The server could not run the statement.");

    public static Refusal TookTooLong(TimeSpan time) =>
        RefusalCatalog.TimedOut.Because(string.Create(CultureInfo.InvariantCulture, $"The statement was stopped after {time.TotalSeconds:0.###} s."));

    public static Refusal Silent(TimeSpan time) =>
        Unavailable(string.Create(CultureInfo.InvariantCulture, $"The server did not answer within {time.TotalSeconds:0.###} s."));

    private static Refusal NotLetIn() => RefusalCatalog.CredentialRefused.Because("The server does not let the credential in.");

    private static Refusal Unavailable(string words) => RefusalCatalog.ResourceUnavailable.Because(words);

    private static Refusal TooCostly(string words) => RefusalCatalog.StatementTooCostly.Because(words);

    private static Refusal TooComplex() => TooCostly("The statement is larger or more complex than the server's limits allow.");

    private static Refusal NotARead(string words) => RefusalCatalog.NotARead.Because(words);
}
