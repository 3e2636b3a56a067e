using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>One session of the rotating role. Every call is a transaction of its own, so that an error of the server means that nothing happened.</summary>
internal sealed class RotatorSession(SessionOpener opener, Session session, string service) : IAsyncDisposable
{
    private bool _writes;

    public NpgsqlConnection Connection => session.Connection;

    public ServerIdentity Identity => session.Identity;

    public ServerFacts Facts => session.Identity.Facts;

    public string Server => $"{Facts.SystemIdentifier}/{Facts.Database}";

    public Task<IReadOnlyList<SlotState>> State(CancellationToken cancellationToken) => SlotState.Read(Connection, service, cancellationToken);

    /// <summary>Sets a slot's verifier and gives its new version.</summary>
    public Task<long> SetVerifier(string slot, long expected, string verifier, DateTimeOffset validUntil, CancellationToken cancellationToken) => Change(
        "set_verifier($1, $2, $3, $4, $5)",
        [Text(service), Text(slot), Number(expected), Text(verifier), new NpgsqlParameter<DateTimeOffset> { TypedValue = validUntil.ToUniversalTime() }],
        cancellationToken);

    /// <summary>Gives the slot's new version.</summary>
    public Task<long> Retire(string slot, long expected, CancellationToken cancellationToken) =>
        Change("retire($1, $2, $3)", [Text(service), Text(slot), Number(expected)], cancellationToken);

    /// <summary>Gives how many it ended.</summary>
    public Task<long> EndSessions(string slot, CancellationToken cancellationToken) => Change("end_sessions($1, $2)", [Text(service), Text(slot)], cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await session.DisposeAsync().ConfigureAwait(false);
        await opener.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<long> Change(string call, NpgsqlParameter[] parameters, CancellationToken cancellationToken)
    {
        if (!_writes)
        {
            // Sessions only read until they are told otherwise.
            using var writing = new NpgsqlCommand("set default_transaction_read_only = off", Connection);
            await writing.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            _writes = true;
        }

#pragma warning disable CA2100 // A constant of ours.
        using var command = new NpgsqlCommand($"select {RotationScript.Schema}.{call}", Connection);
#pragma warning restore CA2100
        command.Parameters.AddRange(parameters);
        return (long)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    private static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value };

    private static NpgsqlParameter<long> Number(long value) => new() { TypedValue = value };
}
