using System.Collections.Concurrent;

namespace SafeTools;

/// <summary>
/// Does what earlier actions were consented to with and that is due by now (<see cref="Obligation"/>): audited before and after, held while everything is
/// frozen. That it is done once over all processes is the provider's; what does not work is tried again after a growing pause.
/// </summary>
internal sealed class Obligations(IStore store, ProviderCalls providers)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    /// <summary>An entry that says that another process is at it counts that long; then that process is dead.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly ConcurrentDictionary<string, Task> _running = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (DateTimeOffset Until, TimeSpan Pause)> _paused = new(StringComparer.Ordinal);

    /// <summary>Begins what is due. In the background: a server that hangs must not hold up what was approved.</summary>
    public void Turn(Standing standing, CancellationToken cancellationToken)
    {
        if (standing.Epoch == 0 || standing.Freezes.Everybody)
        {
            return;
        }

        foreach (var resource in standing.Policy.Resources.Values)
        {
            foreach (var owed in providers.Owed(resource).Where(owed => owed.Due <= standing.Now && !Paused(resource, owed, standing.Now)))
            {
                _running.AddOrUpdate(Key(resource, owed), Start, (key, running) => running.IsCompleted ? Start(key) : running);

                Task Start(string key) => Task.Run(() => Try(resource, owed, standing.Now, cancellationToken), CancellationToken.None);
            }
        }
    }

    /// <summary>Ends when everything that was begun has ended.</summary>
    public Task Idle() => Task.WhenAll(_running.Values);

    private async Task Try(Resource resource, Obligation owed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var key = Key(resource, owed);
        try
        {
            if (await Fulfil(resource, owed, now, cancellationToken).ConfigureAwait(false))
            {
                _paused.TryRemove(key, out _);
                return;
            }
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            providers.Log(fault, $"what is owed of {owed.ActionId}");
        }
        finally
        {
            _running.TryRemove(key, out _);
        }

        _paused.AddOrUpdate(key, (now + FirstPause, FirstPause), (_, before) => before.Pause * 2 is var longer && longer < LongestPause ? (now + longer, longer) : (now + LongestPause, LongestPause));
    }

    private async Task<bool> Fulfil(Resource resource, Obligation owed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var history = await ActionHistory.Read(store, owed.ActionId, cancellationToken).ConfigureAwait(false);
        if (history.Count == 0)
        {
            providers.Log(new StoreException(RefusalCatalog.AuditBroken.Because("The audit does not know the action that something is owed of; nothing is done.")), $"what is owed of {VisibleText.Line(owed.ActionId, 64)}");
            return false;
        }

        if (history.LastOrDefault(entry => entry.Kind == AuditKind.ObligationBegun.Word() || entry.Kind == AuditKind.ObligationEnded.Word()) is { } last
            && last.Kind == AuditKind.ObligationBegun.Word() && now - last.Time < Patience)
        {
            return false;
        }

        await store.Record(Records.ObligationBegun(resource, owed), cancellationToken).ConfigureAwait(false);
        // Not cancellable from here: what happened must be written down.
        var execution = await providers.Fulfil(resource, owed).ConfigureAwait(false);
        await store.Record(Records.ObligationEnded(resource, owed, execution), CancellationToken.None).ConfigureAwait(false);
        return execution is Execution.Done;
    }

    private bool Paused(Resource resource, Obligation owed, DateTimeOffset now) => _paused.TryGetValue(Key(resource, owed), out var pause) && now < pause.Until;

    private static string Key(Resource resource, Obligation owed) => $"{resource.Name}\n{owed.ActionId}";
}
