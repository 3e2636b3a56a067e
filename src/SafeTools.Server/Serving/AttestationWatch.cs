using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SafeTools.Server.Serving;

/// <summary>
/// Has every resource of the served policy attested when a server starts, when the policy changes, and again and again, beside its work: nobody waits for it.
/// A change of verdict is said once on standard error, in kinds alone, and shown to clients.
/// </summary>
internal sealed class AttestationWatch(Runtime runtime, IStandingFollower shelf, ILogger<AttestationWatch> log) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>When each was looked at last; those that are being looked at stand at the end of time.</summary>
    private readonly ConcurrentDictionary<string, DateTimeOffset> _taken = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        using var timer = new PeriodicTimer(Look, runtime.Clock);
        try
        {
            do
            {
                try
                {
                    _ = Begin((await runtime.Catalog.Standing(stoppingToken).ConfigureAwait(false)).Policy, stoppingToken);
                }
                catch (StoreException)
                {
                    // The upkeep loop says what is wrong with the store.
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    /// <summary>Looks at what is due. One that hangs holds no other up.</summary>
    /// <returns>Ends when all that were due were looked at.</returns>
    public Task Begin(Policy policy, CancellationToken cancellationToken)
    {
        var now = runtime.Clock.GetUtcNow();
        var due = policy.Resources.Values.Where(resource => _taken.GetValueOrDefault(Attestations.Key(resource), DateTimeOffset.MinValue) is var last && (last == DateTimeOffset.MinValue || (last != DateTimeOffset.MaxValue && now - last >= Interval))).ToArray();
        foreach (var resource in due)
        {
            _taken[Attestations.Key(resource)] = DateTimeOffset.MaxValue;
        }

        return Task.WhenAll(due.Select(resource => Attest(resource, cancellationToken)));
    }

    private async Task Attest(Resource resource, CancellationToken cancellationToken)
    {
        try
        {
            var taken = await runtime.Providers.Attest(resource, runtime.Clock.GetUtcNow(), cancellationToken).ConfigureAwait(false);
            var before = runtime.Attestations.Keep(resource, taken);
            if (Said(taken) == Said(before))
            {
                return;
            }

            if (taken is not null)
            {
                Say(resource, before, taken);
            }

            shelf.Follow(await runtime.Catalog.Standing(cancellationToken).ConfigureAwait(false));
        }
        catch (Exception fault) when (fault is OperationCanceledException or StoreException)
        {
            // Asked to stop; or the upkeep loop says what is wrong with the store.
        }
        finally
        {
            _taken[Attestations.Key(resource)] = runtime.Clock.GetUtcNow();
        }
    }

    /// <summary>What is shown of it changes with these.</summary>
    private static string Said(Attestation? attestation) => attestation is null ? "" : $"{attestation.Verdict} {attestation.Taken == default} {string.Join(' ', attestation.Kinds())}";

    private void Say(Resource resource, Attestation? before, Attestation taken)
    {
        var known = before is not null && before.Taken != default;
        if (known && before!.Verdict == taken.Verdict)
        {
            return;
        }

        switch (taken.Verdict)
        {
            case AttestationVerdict.Failed:
                log.LogWarning("{Resource} is not proved, its tools refuse: {Kinds}. What mends it: safetools doctor --resource {Resource}", resource.Name, string.Join(", ", taken.Findings.Where(finding => finding.Weight == FindingWeight.Refuses).Select(finding => finding.Kind).Distinct()), resource.Name);
                break;
            case AttestationVerdict.Unknown:
                log.LogWarning("{Resource} could not be looked at, its tools refuse ({Code}).", resource.Name, taken.Unreachable!.Code.Id);
                break;
            case AttestationVerdict.Proved when known:
                log.LogWarning("{Resource} is proved again.", resource.Name);
                break;
            case AttestationVerdict.Proved:
                log.LogInformation("{Resource} is proved.", resource.Name);
                break;
        }
    }
}
