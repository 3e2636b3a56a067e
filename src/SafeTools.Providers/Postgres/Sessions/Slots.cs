namespace SafeTools.Providers.Postgres;

/// <summary>How many statements of one resource run at once. A slot is held until its session is done with, not just until the answer is there.</summary>
internal sealed class Slots : IDisposable
{
    public const int Count = 8;

    private readonly SemaphoreSlim _free = new(Count, Count);

    /// <summary>Waits for one as long as the token allows.</summary>
    public async Task<Slot> Take(CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        return new Slot(_free);
    }

    public void Dispose() => _free.Dispose();

    internal sealed class Slot(SemaphoreSlim free) : IDisposable
    {
        private int _released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
                free.Release();
        }
    }
}
