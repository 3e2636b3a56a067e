using Npgsql;
using SafeTools.Clusters;
using SafeTools.Corpus.Credentials;
using SafeTools.Corpus.Grounds;

namespace SafeTools.Corpus.Observing;

/// <summary>
/// Others who use the same role and want to be left alone: a session that idles in the same database, and one that is in the middle of a statement in
/// another, where nothing was revoked.
/// </summary>
internal sealed class BystanderWatch : IWatch
{
    /// <summary>As statements name it.</summary>
    public const string Application = "victim";

    public const string Secret = "VICTIM-SECRET";

    private readonly NpgsqlConnection _idle;
    private readonly NpgsqlConnection _busy;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _statement;

    private BystanderWatch(NpgsqlConnection idle, NpgsqlConnection busy)
    {
        (_idle, _busy) = (idle, busy);
        _statement = Run(_busy, "select pg_sleep(3600)", _end.Token);
    }

    public static async Task<BystanderWatch> Open(PostgresCluster cluster, Credential credential, CancellationToken cancellationToken)
    {
        var idle = await cluster.Open(credential.Role, Credential.Password, Ground.Database, Application, cancellationToken);
        var busy = await cluster.Open(credential.Role, Credential.Password, "postgres", Application, cancellationToken);
        await Run(busy, "set statement_timeout = 0", cancellationToken);
        return new BystanderWatch(idle, busy);
    }

    public async Task<IReadOnlyList<Sighting>> Look(CancellationToken cancellationToken)
    {
        var sightings = new List<Sighting>();
        try
        {
            await Run(_idle, $"select '{Secret}' as victim_secret", cancellationToken);
        }
        catch (NpgsqlException)
        {
            sightings.Add(new Sighting(Sense.Sessions, "an idle session of the role was ended"));
        }

        if (_statement.IsCompleted)
        {
            sightings.Add(new Sighting(Sense.Sessions, "a statement of another session of the role was cancelled"));
        }

        return sightings;
    }

    public async ValueTask DisposeAsync()
    {
        await _idle.DisposeAsync();
        await _end.CancelAsync();
        await _statement.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await _busy.DisposeAsync();
        _end.Dispose();
    }

    private static async Task Run(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // The observers' own text.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
