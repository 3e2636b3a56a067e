using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SafeTools.Server.Mcp;

namespace SafeTools.Server.Serving;

/// <summary>
/// Watches the store: a decision made in another process is executed within a fraction of a second, a newly accepted policy reaches the client,
/// and what is due by time happens within <see cref="LongestRest"/>.
/// </summary>
internal sealed class UpkeepLoop(Runtime runtime, IStandingFollower shelf, ILogger<UpkeepLoop> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var upkeep = runtime.Upkeep(new Progress<ProviderProgress>());
        var trouble = "";
        long? seen = null;
        var last = runtime.Clock.GetTimestamp();
        using var timer = new PeriodicTimer(Interval, runtime.Clock);
        while (await Tick(timer, stoppingToken).ConfigureAwait(false))
        {
            try
            {
                var version = await runtime.Store.Version(stoppingToken).ConfigureAwait(false);
                if (version == seen && runtime.Clock.GetElapsedTime(last) < LongestRest)
                {
                    continue;
                }

                (seen, last) = (version, runtime.Clock.GetTimestamp());
                shelf.Follow(await runtime.Catalog.Standing(stoppingToken).ConfigureAwait(false));
                await upkeep.Turn(stoppingToken).ConfigureAwait(false);
                trouble = "";
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                // A row that somebody edited must not end the server. Said once, and again only when it changes.
                if (fault.Message != trouble)
                {
                    trouble = fault.Message;
                    log.LogError(fault, "{Trouble}", trouble);
                }
            }
        }

        // What was begun is ended and written down before the process goes.
        await upkeep.Idle().ConfigureAwait(false);
    }

    private static async Task<bool> Tick(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
