using Microsoft.Extensions.Hosting;

namespace SafeTools.Server.Http;

/// <summary>What happens beside the requests: idle sessions are swept; before the server stops, readiness goes down and what is worked on is waited for.</summary>
internal sealed class HttpLife(OpenRequests open, LegacySessions sessions, HttpLimits limits, TimeProvider clock) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _sweeping = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _sweeping = Sweep();
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>While connections are still taken, so that whoever comes is told.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => open.Drain(clock, cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _sweeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async Task StoppedAsync(CancellationToken cancellationToken) => await sessions.DisposeAsync().ConfigureAwait(false);

    public void Dispose() => _stop.Dispose();

    private async Task Sweep()
    {
        using var timer = new PeriodicTimer(limits.IdleSession / 10, clock);
        while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
        {
            await sessions.Sweep().ConfigureAwait(false);
        }
    }
}
