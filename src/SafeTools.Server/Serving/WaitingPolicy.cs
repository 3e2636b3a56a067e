using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SafeTools.Server.Policies;

namespace SafeTools.Server.Serving;

/// <summary>Notices that the files are not what was accepted, says so once on standard error, and writes it into the audit. Never serves them.</summary>
internal sealed class WaitingPolicy(Runtime runtime, ILogger<WaitingPolicy> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private string? _reported;

    /// <summary>Beside everything else: files that are slow to read hold nothing up.</summary>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, runtime.Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                await Look(stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    private async Task Look(CancellationToken cancellationToken)
    {
        try
        {
            await Report(cancellationToken).ConfigureAwait(false);
        }
        catch (StoreException)
        {
            // The upkeep loop says what is wrong with the store.
        }
    }

    private async Task Report(CancellationToken cancellationToken)
    {
        if (runtime.Catalog.Newest is not { } accepted)
        {
            return;
        }

        var policy = PolicyFiles.Load(runtime.Loader, runtime.Locations.Configuration, out var problems);
        var state = policy is not null ? Digest.Of(PolicyDocument.Of(policy)) : $"{problems.Count} faults";
        if (state == _reported || state == accepted.Digest)
        {
            _reported = state;
            return;
        }

        _reported = state;
        if (policy is null)
        {
            log.LogWarning("The files differ from the accepted policy and have faults. Policy {Epoch} is served on. Run: safetools check", accepted.Epoch);
        }
        else
        {
            log.LogWarning("The files differ from the accepted policy. Policy {Epoch} is served on until a human runs: safetools accept", accepted.Epoch);
        }

        await runtime.Store.Record(new AuditDraft(AuditKind.PolicyWaiting, new JsonObject { ["epoch"] = accepted.Epoch, ["files"] = policy is null ? "faulty" : state }), cancellationToken).ConfigureAwait(false);
    }
}
