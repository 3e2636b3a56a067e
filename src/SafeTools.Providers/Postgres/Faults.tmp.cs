using Npgsql;
namespace SafeTools.Providers.Postgres;
internal static class ServerFault
{
    public static bool IsOutage(Exception fault) => fault is NpgsqlException or IOException or TimeoutException or System.Net.Sockets.SocketException or OperationCanceledException or ObjectDisposedException;
    public static bool EndsSession(Exception fault) => fault is IOException || fault is NpgsqlException and not PostgresException || fault is PostgresException { SqlState: "57P01" };
    public static Refusal TookTooLong(TimeSpan time) => RefusalCatalog.TimedOut.Because($"{time}");
    public static Refusal OfOpening(Exception fault, Resource resource) => RefusalCatalog.ResourceUnavailable.Because($"{resource.Name} does not answer.");
    public static Refusal Of(Exception fault, string sql, TimeSpan time) => RefusalCatalog.ResourceUnavailable.Because("TEMP " + fault.Message + sql.Length + time);
}

internal static class Description { public static Task<Execution> Read(NpgsqlConnection c, string? s, string? r, Limits l, CancellationToken t) => throw new NotSupportedException(); }
