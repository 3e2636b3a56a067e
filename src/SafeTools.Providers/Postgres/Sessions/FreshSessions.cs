namespace SafeTools.Providers.Postgres;

/// <summary>
/// Sessions that serve one call each: what a statement might leave behind in one, nobody finds. A few are opened ahead, so that a call need not wait.
/// </summary>
internal sealed class FreshSessions(SessionSource source, TimeProvider clock) : IAsyncDisposable
{
    private const int Ahead = 2;

    /// <summary>An older one is not used: its identity was looked at too long ago.</summary>
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(20);

    /// <summary>Nobody waits for one that is opened ahead; after so long it is given up, and another may be tried.</summary>
    private static readonly TimeSpan OpenPatience = TimeSpan.FromSeconds(10);

    private readonly Queue<Session> _ready = new();
    private readonly Lock _lock = new();
    private int _opening;
    private bool _disposed;

    public async Task<Leased> Take(CancellationToken cancellationToken)
    {
        var taken = Next();
        if (taken is null)
            return await source.Open(PostgresOperations.Longest, cancellationToken).ConfigureAwait(false) is var opened && opened is Leased.Ready ? Filling(opened) : opened;
        return Filling(new Leased.Ready(taken));
    }

    /// <summary>Forgets those that were opened ahead: the server is another now, or is to be looked at anew.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            while (_ready.TryDequeue(out var old))
                old.Drop();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Session[] left;
        lock (_lock)
        {
            _disposed = true;
            left = [.. _ready];
            _ready.Clear();
        }

        foreach (var session in left)
            await session.DisposeAsync().ConfigureAwait(false);
    }

    private Session? Next()
    {
        lock (_lock)
        {
            while (_ready.TryDequeue(out var session))
            {
                if (session.IsUsable && clock.GetElapsedTime(session.Opened) < Freshness)
                    return session;
                session.Drop();
            }

            return null;
        }
    }

    private Leased Filling(Leased leased)
    {
        lock (_lock)
        {
            for (; !_disposed && _ready.Count + _opening < Ahead; _opening++)
                _ = Task.Run(OpenAhead);
        }

        return leased;
    }

    private async Task OpenAhead()
    {
        Leased? opened = null;
        using var patience = new CancellationTokenSource(OpenPatience, clock);
        using var stop = new StopSignal(patience.Token);
        try
        {
            opened = await source.Open(PostgresOperations.Longest, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The server is silent. A call that needs a session will say so.
        }
        finally
        {
            var kept = false;
            lock (_lock)
            {
                _opening--;
                if (opened is Leased.Ready ready && !_disposed)
                {
                    _ready.Enqueue(ready.Session);
                    kept = true;
                }
            }

            if (!kept && opened is Leased.Ready unused)
                await unused.Session.DisposeAsync().ConfigureAwait(false);
        }
    }
}
