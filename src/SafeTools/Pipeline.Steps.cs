using System.Collections.Concurrent;

namespace SafeTools;

/// <summary>The single steps of the flow.</summary>
internal sealed partial class Pipeline
{
    private readonly ConcurrentDictionary<string, bool> _performing = new(StringComparer.Ordinal);

    /// <summary>
    /// Whether this process is at work on the action. One that it claimed and is not at work on could not be written down at its end
    /// (no memory, no disk for a moment) and is to be settled.
    /// </summary>
    public bool Performs(string actionId) => _performing.ContainsKey(actionId) || _late.ContainsKey(actionId);

    private async Task<Outcome> Refuse(AuditDraft record, Refusal why, CancellationToken cancellationToken)
    {
        await store.Record(record, cancellationToken).ConfigureAwait(false);
        return new Outcome.Refused(why);
    }

    /// <summary>No audit, no answer: the entry is committed before the data leaves.</summary>
    private async Task<Outcome> Read(Action action, Preview seen, Ruling.Run run, Standing standing, IProgress<ProviderProgress> progress, CancellationToken cancellationToken)
    {
        var execution = await providers.Execute(new Ticket(action.Id, action.Request, seen.Fingerprint), read: true, progress, cancellationToken).ConfigureAwait(false);
        await store.Record(Records.Read(action, run, execution), cancellationToken).ConfigureAwait(false);
        return execution switch
        {
            Execution.Done done => new Outcome.Executed(done.Data, null) { Next = Catalog.Next(action, done, standing) },
            Execution.Failed failed => new Outcome.Refused(failed.Why),
            Execution.Unknown unknown => new Outcome.Refused(unknown.Why),
            _ => throw new NotSupportedException("Unknown execution."),
        };
    }

    private async Task<Outcome> Propose(Action action, Preview seen, Ruling.Ask ask, Standing standing, CancellationToken cancellationToken)
    {
        var proposal = Records.Proposal(action, seen, ask, standing);
        var most = standing.Policy.Rules.MaxOpenProposals;
        var result = await store.Propose(proposal, most, cancellationToken).ConfigureAwait(false);
        if (result.Action is { Status: ActionStatus.Pending } old && ActionDocument.Target(old.Document) != ActionDocument.Target(proposal.Document))
        {
            // The target was replaced: what was asked about then cannot be approved for what is there now.
            var stale = RefusalCatalog.Stale.Because("The target was replaced since this was asked; the same request is another proposal now.");
            await store.Move(Records.Stale(old, stale), cancellationToken).ConfigureAwait(false);
            result = await store.Propose(proposal, most, cancellationToken).ConfigureAwait(false);
        }

        return result.Action is { } stored
            ? Outcome.Of(stored)
            : await Refuse(Records.Refused(action, result.Refusal!), result.Refusal!, cancellationToken).ConfigureAwait(false);
    }

    private async Task<Outcome> Begin(Action action, Preview seen, Ruling.Run run, Standing standing, IProgress<ProviderProgress> progress, CancellationToken cancellationToken)
    {
        var begun = Records.Begun(action, seen, run, standing, server);
        using var _ = Hold(begun.Id);
        if (await store.Begin(begun, cancellationToken).ConfigureAwait(false))
        {
            return await Perform(begun, new ActionEvidence([], new Dictionary<string, string>()), progress, cancellationToken).ConfigureAwait(false);
        }

        var open = (await store.List(action.Principal.Name, open: true, most: 1000, cancellationToken).ConfigureAwait(false)).FirstOrDefault(other => other.Key == begun.Key);
        var ending = RefusalCatalog.ProposalClosed.Because("The same request was just ending. Ask again.");
        return open is null ? await Refuse(Records.Refused(action, ending), ending, cancellationToken).ConfigureAwait(false) : Outcome.Of(open);
    }

    /// <summary>
    /// Looks again, rules again, then acts on a ticket. Whatever it was, it is written down before anybody hears of it.
    /// Only the act itself can be cancelled: a claim that nobody ends would stay open as long as this process lives.
    /// </summary>
    private async Task<Outcome> Perform(StoredAction claimed, ActionEvidence evidence, IProgress<ProviderProgress> progress, CancellationToken cancellationToken)
    {
        var standing = await catalog.Standing(CancellationToken.None).ConfigureAwait(false);
        if (ActionDocument.Read(claimed.Document, standing.Policy, providers.All, out var action) is { } changed)
        {
            return await End(claimed, Records.Stale(claimed, changed)).ConfigureAwait(false);
        }

        var decisions = Judge.Verified(claimed, evidence, store.Id, standing);
        var looked = await providers.Preview(action!.Request, CancellationToken.None).ConfigureAwait(false);
        var refusal = looked is Previewed.Seen now ? Gate.Recheck(action, now.Preview, claimed, decisions, standing) : ((Previewed.Refused)looked).Refusal;
        if (refusal is not null)
        {
            return await End(claimed, Records.Stale(claimed, refusal)).ConfigureAwait(false);
        }

        var ticket = new Ticket(claimed.Id, action.Request, ((Previewed.Seen)looked).Preview.Fingerprint);
        var execution = Act(ticket, progress, cancellationToken);
        try
        {
            return await End(claimed, Records.Ended(claimed, await execution.WaitAsync(ProviderCalls.Patience(action.Request), CancellationToken.None).ConfigureAwait(false))).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _late[claimed.Id] = EndLate(claimed.Id, execution, told.Task);
            var why = RefusalCatalog.OutcomeUnknown.Because("It takes far longer than its tool allows. It was not interrupted; how it ends is written down when it does.");
            try
            {
                return await End(claimed, Records.Ended(claimed, new Execution.Unknown(why))).ConfigureAwait(false);
            }
            finally
            {
                told.SetResult();
            }
        }
    }

    /// <summary>Not cancellable: what happened must be written down even when nobody waits any more.</summary>
    private async Task<Outcome> End(StoredAction claimed, ActionMove end)
    {
        try
        {
            await store.Move(end, CancellationToken.None).ConfigureAwait(false);
            if (end.To == ActionStatus.Succeeded)
            {
                await WantFreshPreviews(claimed).ConfigureAwait(false);
            }
        }
        catch (StoreException) when (end.To is ActionStatus.Succeeded or ActionStatus.Unknown)
        {
            // It may have happened: "nothing was done" would be a lie. Upkeep finds out when the store can be written again.
            var why = RefusalCatalog.OutcomeUnknown.Because("It was carried out, but its end could not be written down; it is settled when the state store can be written again.");
            return new Outcome.Unknown(why, claimed with { Status = ActionStatus.Unknown });
        }

        return Outcome.Of(claimed with { Status = end.To, Result = end.Result });
    }

    /// <summary>What was just done may change what waits on the same resource: a snapshot lifts a recovery block.</summary>
    private async Task WantFreshPreviews(StoredAction done)
    {
        var open = await OpenActions.Of(store, CancellationToken.None).ConfigureAwait(false);
        foreach (var waiting in open.Read.Where(other => other.Resource == done.Resource && other.Status == ActionStatus.Pending))
        {
            await store.WantPreview(waiting.Id, CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>Null where somebody else in this process holds it: a second holder that lets go must not let go for the first.</summary>
    private Held? Hold(string actionId) =>
        _performing.TryAdd(actionId, true) ? new Held(() => _performing.TryRemove(actionId, out bool _)) : null;

    private sealed class Held(System.Action release) : IDisposable
    {
        public void Dispose() => release();
    }
}
