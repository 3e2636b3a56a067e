using System.Collections.Concurrent;

namespace SafeTools;

/// <summary>
/// What a serving process does besides answering: executes approved actions at once, lets time take its course, refreshes previews that somebody
/// wants, settles what a dead process left behind, and does what earlier actions owe.
/// </summary>
/// <param name="isAlive">Whether another serving process, of the given id, still runs.</param>
internal sealed class Upkeep(IStore store, Catalog catalog, ProviderCalls providers, Pipeline pipeline, Func<string, bool> isAlive, IProgress<ProviderProgress> progress)
{
    private readonly Obligations _obligations = new(store, providers);

    private readonly ConcurrentDictionary<string, Task> _performing = new(StringComparer.Ordinal);

    private IReadOnlyList<string> _unreadable = [];

    /// <summary>Ends when everything that rounds have begun to execute has ended.</summary>
    public async Task Idle()
    {
        await Task.WhenAll(_performing.Values).ConfigureAwait(false);
        await pipeline.Late().ConfigureAwait(false);
        await _obligations.Idle().ConfigureAwait(false);
    }

    /// <summary>One round over everything open.</summary>
    public async Task Turn(CancellationToken cancellationToken)
    {
        var standing = await catalog.Standing(cancellationToken).ConfigureAwait(false);
        if (standing.Epoch == 0)
        {
            return;
        }

        var open = await OpenActions.Of(store, cancellationToken).ConfigureAwait(false);
        foreach (var id in open.Unreadable.Except(_unreadable))
        {
            providers.Log(new StoreException(RefusalCatalog.AuditBroken.Because("The action's row cannot be read; nothing is done with it.")), $"upkeep of {VisibleText.Line(id, 64)}");
        }

        _unreadable = open.Unreadable;
        foreach (var action in open.Read)
        {
            try
            {
                await Tend(action, standing, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception fault) when (fault is not OperationCanceledException and not StoreException)
            {
                // One row that somebody edited must not keep the others waiting.
                providers.Log(fault, $"upkeep of {action.Id}");
            }
        }

        _obligations.Turn(standing, cancellationToken);
    }

    /// <summary>In the background: a long snapshot must not hold up what was approved after it.</summary>
    private Task Begin(string actionId, CancellationToken cancellationToken)
    {
        // One that has ended may still stand here for a moment; it must not keep the action from being taken again.
        _performing.AddOrUpdate(actionId, Start, (id, running) => running.IsCompleted ? Start(id) : running);
        return Task.CompletedTask;

        Task Start(string id) => Task.Run(() => Perform(id, cancellationToken), CancellationToken.None);
    }

    private async Task Perform(string id, CancellationToken cancellationToken)
    {
        try
        {
            await pipeline.Perform(id, progress, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            providers.Log(fault, $"execution of {id}");
        }
        finally
        {
            _performing.TryRemove(id, out _);
        }
    }

    private Task Tend(StoredAction action, Standing standing, CancellationToken cancellationToken) => action.Status switch
    {
        ActionStatus.Pending or ActionStatus.Approved when standing.Now > action.Expires => store.Move(Records.Lapsed(action, ActionStatus.Expired), cancellationToken),
        ActionStatus.Approved => Begin(action.Id, cancellationToken),
        ActionStatus.Pending => action.PreviewWanted ? Refresh(action, standing, cancellationToken) : Task.CompletedTask,
        ActionStatus.Executing => IsLeftBehind(action) ? Settle(action, standing, cancellationToken) : Task.CompletedTask,
        ActionStatus.Unknown => IsLeftBehind(action) ? Settle(action, standing, cancellationToken) : Task.CompletedTask,
        ActionStatus.Succeeded or ActionStatus.Failed or ActionStatus.Rejected or ActionStatus.Expired or ActionStatus.Withdrawn or ActionStatus.Stale => Task.CompletedTask,
    };

    /// <summary>A living process may be at work on it still, however late: asked now, the provider's "it did not happen" would only mean "not yet".</summary>
    private bool IsLeftBehind(StoredAction action) => !pipeline.Performs(action.Id) && (action.Server is null || !isAlive(action.Server));

    private async Task Refresh(StoredAction stored, Standing standing, CancellationToken cancellationToken)
    {
        if (ActionDocument.Read(stored.Document, standing.Policy, providers.All, out var action) is not null
            || await providers.Preview(action!.Request, cancellationToken).ConfigureAwait(false) is not Previewed.Seen { Preview: var seen }
            || Gate.Rule(action, seen, standing) is not Ruling.Ask ask)
        {
            // Nothing newer to show; execution will say why.
            await store.Refresh(stored.Id, stored.Preview, stored.Fingerprint, stored.Blocked, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (PreviewDocument.FingerprintText(seen, ask.Placement) != stored.Fingerprint || ActionDocument.Of(action, seen.Item, ask.Placement.Environment) != stored.Document)
        {
            var stale = RefusalCatalog.Stale.Because("The target is not what it was when this was asked: it was replaced, or something that consent depends on changed.");
            await store.Move(Records.Stale(stored, stale), cancellationToken).ConfigureAwait(false);
            return;
        }

        var preview = CanonicalJson.Text(PreviewDocument.Of(seen, ask.Placement, ask.Effect));
        await store.Refresh(stored.Id, preview, stored.Fingerprint, ask.Blocked?.Message, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finds out what became of an execution that lost its process. Never runs it again.</summary>
    private async Task Settle(StoredAction stored, Standing standing, CancellationToken cancellationToken)
    {
        if (ActionHistory.End(await ActionHistory.Read(store, stored.Id, cancellationToken).ConfigureAwait(false)) is { } end)
        {
            // Somebody set the row back. The chain knows how it ended; the row follows as far as a life may go.
            await store.Move(Records.Restored(stored, ActionLife.Allows(stored.Status, end) ? end : ActionStatus.Failed), cancellationToken).ConfigureAwait(false);
            return;
        }

        if (ActionDocument.Read(stored.Document, standing.Policy, providers.All, out var action) is not null)
        {
            if (stored.Status == ActionStatus.Executing)
            {
                var why = RefusalCatalog.OutcomeUnknown.Because("Its process ended, and the accepted policy no longer holds the tool that could tell whether it happened.");
                await store.Move(Records.Ended(stored, new Execution.Unknown(why)), cancellationToken).ConfigureAwait(false);
            }

            return;
        }

        var execution = await providers.Probe(new Ticket(stored.Id, action!.Request, Fingerprints.Read(stored.Fingerprint)), cancellationToken).ConfigureAwait(false);
        if (execution is not Execution.Unknown || stored.Status == ActionStatus.Executing)
        {
            await store.Move(Records.Ended(stored, execution), cancellationToken).ConfigureAwait(false);
        }
    }
}
