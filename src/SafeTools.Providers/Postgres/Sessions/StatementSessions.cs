namespace SafeTools.Providers.Postgres;

/// <summary>
/// Sessions that are used again, for statements that the accepted policy holds: only their parameters come from an agent, and a judged SELECT leaves
/// nothing behind in a session. Each keeps the statements that it has prepared.
/// </summary>
internal sealed class StatementSessions(SessionSource source, TimeProvider clock) : IAsyncDisposable
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromMinutes(5);

    private readonly Stack<Session> _idle = new();
    private readonly Lock _lock = new();
    private int _generation;
    private bool _disposed;

    /// <summary>Grows when all sessions so far are not to be used any more.</summary>
    public int Generation => Volatile.Read(ref _generation);

    public async Task<Leased> Take(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            while (_idle.TryPop(out var session))
            {
                if (session.IsUsable && clock.GetElapsedTime(session.Opened) < LongestLife)
                    return new Leased.Ready(session);
                session.Drop();
            }
        }

        return await source.Open(PostgresOperations.Longest, cancellationToken).ConfigureAwait(false);
    }

    /// <param name="generation">What <see cref="Generation"/> was when it was taken.</param>
    public void GiveBack(Session session, int generation)
    {
        lock (_lock)
        {
            if (!_disposed && generation == _generation && session.IsUsable)
            {
                _idle.Push(session);
                return;
            }
        }

        session.Drop();
    }

    public void Forget()
    {
        lock (_lock)
        {
            _generation++;
            while (_idle.TryPop(out var old))
                old.Drop();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Session[] left;
        lock (_lock)
        {
            _disposed = true;
            left = [.. _idle];
            _idle.Clear();
        }

        foreach (var session in left)
            await session.DisposeAsync().ConfigureAwait(false);
    }
}
