using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>What logging in at one place gave.</summary>
internal abstract record TriedLogin(EndpointSight Sight)
{
    private const int Patience = 5;
    private const int CancelPatience = 1000;

    /// <summary>A session of its own that changes nothing and finds names of the server's own only.</summary>
    private static readonly string[] Begin = ["BEGIN TRANSACTION READ ONLY", "SET LOCAL statement_timeout = '3s'", "SET LOCAL search_path = ''"];

    /// <param name="Identity">Null where the role may not read who the server is.</param>
    /// <param name="Looked">What it says of another role; null where it was not asked.</param>
    public sealed record LetIn(EndpointSight Sight, ServerIdentity? Identity, OwnRole? Role, RoleLookup? Looked) : TriedLogin(Sight);

    /// <param name="Kind">One of <see cref="DiagnosisKinds"/>.</param>
    public sealed record Fault(EndpointSight Sight, string Kind) : TriedLogin(Sight);

    /// <summary>The mode in which it logs in: what "prefer" comes to here. One attempt is one attempt; a second one in another mode would be another.</summary>
    public static TlsMode Mode(ConnectionTarget target, EndpointSight sight) => target.TlsTo(sight.Endpoint) switch
    {
        TlsMode.Prefer => sight is { OffersTls: true, TlsFailed: false } ? TlsMode.Require : TlsMode.Disable,
        var stated => stated,
    };

    /// <summary>Logs in once.</summary>
    /// <param name="about">The role and database that are looked up there; null: none.</param>
    public static async Task<TriedLogin> Try(ConnectionTarget target, EndpointSight sight, (string User, string Database)? about, CancellationToken cancellationToken)
    {
        var source = new EndpointSource(target with { Tls = Mode(target, sight) }, sight.Endpoint, Patience, Patience, CancelPatience);
        await using var _ = source.ConfigureAwait(false);
        NpgsqlConnection connection;
        string? key;
        try
        {
            (connection, key) = await source.Connect(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (ServerFault.KnowsOrStopped(fault) || fault is WrongServerException)
        {
            return new Fault(sight, LoginFault.Kind(fault));
        }

        await using var __ = connection.ConfigureAwait(false);
        try
        {
            var identity = await Denied(() => SessionOpener.Identify(connection, key, cancellationToken)).ConfigureAwait(false);
            foreach (var statement in Begin)
                await Run(connection, statement, cancellationToken).ConfigureAwait(false);
            var role = await OwnRole.Read(connection, cancellationToken).ConfigureAwait(false);
            var looked = about is { } other ? await RoleLookup.Of(connection, other.User, other.Database, cancellationToken).ConfigureAwait(false) : null;
            // Last: where it is denied, the transaction is of no more use.
            var used = await Denied(() => OwnRole.Used(connection, about?.User, cancellationToken)).ConfigureAwait(false);
            return about is null
                ? new LetIn(sight, identity, role with { Sessions = used }, looked)
                : new LetIn(sight, identity, role, looked! with { Sessions = used });
        }
        catch (Exception fault) when (ServerFault.KnowsOrStopped(fault) || fault is PoolerException)
        {
            return fault is PoolerException || cancellationToken.IsCancellationRequested ? new Fault(sight, LoginFault.Kind(fault)) : new LetIn(sight, null, null, null);
        }
    }

    /// <summary>Null where the role may not read it.</summary>
    private static async Task<T?> Denied<T>(Func<Task<T>> read)
        where T : class
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            return null;
        }
    }

    private static async Task Run(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(sql, connection);
        await using var _ = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
