namespace SafeTools.Providers.Sqlite;

/// <summary>
/// The few threads that SQLite may keep busy. SQLite notices time and cancellation between the steps of its program, not inside one call of a function,
/// so the caller is answered shortly after the deadline whatever the engine does; a straggler keeps its slot until it ends, so stragglers stay few.
/// </summary>
internal sealed class EngineSlots(TimeProvider clock) : IDisposable
{
    public const int Count = 4;

    /// <summary>How long past its deadline the engine may take to notice it.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _free = new(Count, Count);

    /// <summary>Runs the work on its own thread; <paramref name="tooLate"/> makes the answer where time ran out.</summary>
    public async Task<T> Run<T>(TimeSpan time, Func<Deadline, T> work, Func<Refusal, T> tooLate, CancellationToken cancellationToken)
    {
        if (!await _free.WaitAsync(time, cancellationToken).ConfigureAwait(false))
            return tooLate(RefusalCatalog.ResourceUnavailable.Because("Too many statements are running. Try again later."));
        var deadline = new Deadline(clock, time, cancellationToken);
        var running = Task.Run(() => Release(work, deadline), CancellationToken.None);
        try
        {
            return await running.WaitAsync(time + Grace, clock, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return tooLate(EngineFault.TookTooLong(time));
        }
    }

    public void Dispose() => _free.Dispose();

    private T Release<T>(Func<Deadline, T> work, Deadline deadline)
    {
        try
        {
            return work(deadline);
        }
        finally
        {
            _free.Release();
        }
    }
}
