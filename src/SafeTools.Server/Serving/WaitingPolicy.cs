using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using SafeTools.Server.Policies;

namespace SafeTools.Server.Serving;

/// <summary>Notices that the files are not what was accepted, says so once on standard error, and writes it into the audit. Never serves them.</summary>
internal sealed class WaitingPolicy(Runtime runtime, ILogger<WaitingPolicy> log)
{
    private string? _reported;

    public async Task Report(CancellationToken cancellationToken)
    {
        if (runtime.Catalog.Newest is not { } accepted)
        {
            return;
        }

        var source = PolicyFiles.Read(runtime.Locations.Configuration, out var problems);
        var policy = source is null ? null : runtime.Loader.Load(source, out problems);
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
