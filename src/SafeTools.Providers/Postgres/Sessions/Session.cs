using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>One session on a server whose identity was looked at when it was opened, with the settings of <see cref="SessionSettings"/>.</summary>
internal sealed class Session(NpgsqlConnection connection, ServerIdentity identity, TreeCollector trees, long opened) : IAsyncDisposable
{
    /// <summary>How long ending a session may take before it is left to the server, which notices that nobody is there.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, NpgsqlCommand> _prepared = new(StringComparer.Ordinal);

    public NpgsqlConnection Connection => connection;

    public ServerIdentity Identity => identity;

    public TreeCollector Trees => trees;

    /// <summary>A timestamp of the clock that opened it.</summary>
    public long Opened => opened;

    /// <summary>Whether it can carry another call.</summary>
    public bool IsUsable => connection.FullState == System.Data.ConnectionState.Open;

    /// <summary>The statements that this session has prepared, by their text.</summary>
    public Dictionary<string, NpgsqlCommand> Prepared => _prepared;

    /// <summary>Ends it without anybody waiting for that.</summary>
    public void Drop() => _ = Task.Run(() => DisposeAsync().AsTask());

    /// <summary>Ends it. A transaction that is still open is rolled back by the server.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            foreach (var command in _prepared.Values)
                await command.DisposeAsync().ConfigureAwait(false);
            await connection.DisposeAsync().AsTask().WaitAsync(EndPatience).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is NpgsqlException or TimeoutException or IOException or InvalidOperationException or OperationCanceledException)
        {
            // It was broken already, or hangs; nothing of it is used again.
        }
    }
}
