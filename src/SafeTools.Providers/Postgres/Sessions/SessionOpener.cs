using System.Runtime.ExceptionServices;
using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>Opens sessions on one target: tries its hosts in their order, beginning with the one that answered last.</summary>
internal sealed class SessionOpener(ConnectionTarget target, Layers layers, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>The longest wait for the only host, in seconds.</summary>
    private const int ConnectPatience = 5;

    /// <summary>The same where others may answer instead.</summary>
    private const int ConnectPatienceOfSeveral = 2;

    /// <summary>
    /// The longest silence of the server that anything waits through, in seconds: longer than any statement may run. What has a limit of its own ends before;
    /// this is for what has none, such as reading on to the end of an answer that nobody wants.
    /// </summary>
    private static readonly int CommandPatience = (int)PostgresOperations.Longest.TotalSeconds + 5;

    /// <summary>How long a cancelled statement may take to stop before its connection is torn down, in milliseconds.</summary>
    private const int CancelPatience = 1000;

    private readonly EndpointSource[] _sources = [.. target.Endpoints.Select(endpoint => new EndpointSource(target, endpoint, target.Endpoints.Count > 1 ? ConnectPatienceOfSeveral : ConnectPatience, CommandPatience, CancelPatience))];
    private int _last;

    /// <exception cref="Exception">No host answered, or none took the credential (<see cref="ServerFault.Knows"/>).</exception>
    /// <exception cref="PoolerException">Something between us and the server shares its sessions.</exception>
    public async Task<Session> Open(TimeSpan longest, CancellationToken cancellationToken)
    {
        Exception? first = null;
        var begin = Volatile.Read(ref _last);
        for (var turn = 0; turn < _sources.Length; turn++)
        {
            var index = (begin + turn) % _sources.Length;
            try
            {
                var session = await Open(_sources[index], longest, cancellationToken).ConfigureAwait(false);
                Volatile.Write(ref _last, index);
                return session;
            }
            catch (Exception fault) when (ServerFault.Knows(fault) && !cancellationToken.IsCancellationRequested)
            {
                // A host that is down is why there are several; one that refuses the credential says more than one that is down.
                first = fault is PostgresException || first is null ? fault : first;
            }
            catch (OperationCanceledException)
            {
                // It was silent for longer than anybody could wait: the next call begins with another.
                Volatile.Write(ref _last, (index + 1) % _sources.Length);
                throw;
            }
        }

        ExceptionDispatchInfo.Throw(first!);
        throw first!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var source in _sources)
            await source.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<Session> Open(EndpointSource source, TimeSpan longest, CancellationToken cancellationToken)
    {
        var (connection, tlsKey) = await source.Connect(cancellationToken).ConfigureAwait(false);
        try
        {
            var trees = new TreeCollector();
            connection.Notice += trees.OnNotice;
            var identity = await Identify(connection, tlsKey, cancellationToken).ConfigureAwait(false);
            await Set(connection, longest, cancellationToken).ConfigureAwait(false);
            trees.Take();
            return new Session(connection, identity, trees, clock.GetTimestamp());
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task Set(NpgsqlConnection connection, TimeSpan longest, CancellationToken cancellationToken)
    {
        var batch = connection.CreateBatch();
        await using var _ = batch.ConfigureAwait(false);
        foreach (var statement in SessionSettings.Statements(layers, longest))
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Which server and database a bare connection is on.</summary>
    public static async Task<ServerIdentity> Identify(NpgsqlConnection connection, string? tlsKey, CancellationToken cancellationToken)
    {
        var batch = connection.CreateBatch();
        await using var _ = batch.ConfigureAwait(false);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(ServerFacts.Sql));
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select pg_catalog.pg_backend_pid()"));
        var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        var facts = ServerFacts.Read(reader);
        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        // A pooler makes up the number that the client is told, and would give our settings to others and theirs to us.
        return reader.GetInt32(0) == connection.ProcessID ? new ServerIdentity(facts, connection.PostgreSqlVersion.Major, tlsKey) : throw new PoolerException();
    }
}
