using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SafeTools.Server.Serving;

/// <summary>
/// Walks the whole chain once when a server starts, beside its work: a process that has just started remembers nothing, so an edit made while
/// nobody looked shows only here. From the first fault on nothing runs.
/// </summary>
internal sealed class AuditWatch(Runtime runtime, ILogger<AuditWatch> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        (long Sequence, string Hash, DateTimeOffset Time) before = (0, AuditChain.Origin, DateTimeOffset.MinValue);
        try
        {
            await foreach (var entry in runtime.Store.Audit(1, stoppingToken).ConfigureAwait(false))
            {
                if (AuditChain.Fault(before, entry) is { } fault)
                {
                    Distrust(RefusalCatalog.AuditBroken.Because($"The audit was edited: {fault}."));
                    return;
                }

                before = (entry.Sequence, entry.Hash, entry.Time);
            }
        }
        catch (StoreException fault) when (fault.Refusal.Code == RefusalCatalog.AuditBroken)
        {
            Distrust(fault.Refusal);
        }
        catch (StoreException fault)
        {
            log.LogWarning("The audit could not be read through: {Fault}", fault.Message);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    private void Distrust(Refusal why)
    {
        runtime.Catalog.Distrust(why);
        log.LogError("{Why} Nothing runs. A human runs: safetools audit verify", why.Message);
    }
}
