namespace SafeTools.Corpus.Observing;

/// <summary>Does something again and again beside everything else, until it is disposed; the first fault ends it and is kept.</summary>
internal sealed class Beat : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;

    public Beat(TimeSpan pause, Func<CancellationToken, Task> step) => _running = Task.Run(() => Run(pause, step));

    /// <exception cref="Exception">The step's fault.</exception>
    public void ThrowIfEnded()
    {
        if (_running.IsFaulted)
        {
            _running.GetAwaiter().GetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _running.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _end.Dispose();
    }

    private async Task Run(TimeSpan pause, Func<CancellationToken, Task> step)
    {
        using var timer = new PeriodicTimer(pause);
        while (await timer.WaitForNextTickAsync(_end.Token))
        {
            await step(_end.Token);
        }
    }
}
