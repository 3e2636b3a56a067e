namespace SafeTools;

/// <summary>
/// The whole flow. A request is bound, looked at, ruled on by the pure <see cref="Gate"/>, and then answered, proposed or performed;
/// an approved one is claimed once, ruled on again, and performed. What each step records is in <see cref="Records"/>.
/// </summary>
internal sealed partial class Pipeline(IStore store, Catalog catalog, ProviderCalls providers, CallBudget budget, string server)
{
    /// <summary>One tool call of an agent.</summary>
    public async Task<Outcome> Run(Call call, IProgress<ProviderProgress> progress, CancellationToken cancellationToken)
    {
        var standing = await catalog.Standing(cancellationToken).ConfigureAwait(false);
        return (Catalog.Bind(call, standing, out var action) ?? budget.Take(call.Principal, action!.Tool)) is { } no
            ? await Refuse(Records.Refused(call, no), no, cancellationToken).ConfigureAwait(false)
            : await Consider(action!, standing, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A request to take an earlier action back; an action like any other.</summary>
    /// <param name="asker">The agent's principal, which may undo only its own; or <see cref="Humans"/>, who may undo any.</param>
    public async Task<Outcome> Undo(string asker, string actionId, string? reason, IProgress<ProviderProgress> progress, CancellationToken cancellationToken)
    {
        var standing = await catalog.Standing(cancellationToken).ConfigureAwait(false);
        var undone = await store.Get(actionId, cancellationToken).ConfigureAwait(false);
        var undos = undone is null ? [] : await store.UndosOf(actionId, cancellationToken).ConfigureAwait(false);
        var history = undone is null ? [] : await ActionHistory.Read(store, actionId, cancellationToken).ConfigureAwait(false);
        return Undos.Bind(asker, undone, history, undos, reason, standing, providers.All, out var action) is { } no
            ? await Refuse(Records.UndoRefused(asker, actionId, no), no, cancellationToken).ConfigureAwait(false)
            : await Consider(action!, standing, progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Takes a request back that waits still. Null: withdrawn.</summary>
    /// <param name="asker">Whose request it must be.</param>
    public async Task<Refusal?> Withdraw(string asker, string actionId, CancellationToken cancellationToken)
    {
        if (await store.Get(actionId, cancellationToken).ConfigureAwait(false) is not { } action || action.Principal != asker)
        {
            return RefusalCatalog.NoSuchProposal.Because("There is no such action of yours.");
        }

        return ActionLife.Allows(action.Status, ActionStatus.Withdrawn)
            && await store.Move(Records.Lapsed(action, ActionStatus.Withdrawn), cancellationToken).ConfigureAwait(false)
                ? null
                : RefusalCatalog.ProposalClosed.Because("It cannot be withdrawn any more; get_proposal says where it stands.");
    }

    /// <summary>An approver's decision. Stored when it verifies; the process that serves executes on the last one.</summary>
    public async Task<Judged> Decide(Decision decision, CancellationToken cancellationToken)
    {
        var standing = await catalog.Standing(cancellationToken).ConfigureAwait(false);
        return await store.Decide(
            decision,
            (action, evidence, one, now) => Judge.Rule(action, evidence, one, store.Id, standing with { Now = now }),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Executes an approved action, once over all processes. Null: it was not this process's to execute.</summary>
    public async Task<Outcome?> Perform(string actionId, IProgress<ProviderProgress> progress, CancellationToken cancellationToken)
    {
        var standing = await catalog.Standing(cancellationToken).ConfigureAwait(false);
        if (await store.Get(actionId, cancellationToken).ConfigureAwait(false) is not { Status: ActionStatus.Approved } stored)
        {
            return null;
        }

        var history = await ActionHistory.Read(store, actionId, cancellationToken).ConfigureAwait(false);
        if (ActionHistory.Contradicts(stored, history, standing.Now) is { } contradiction)
        {
            await store.Move(Records.Lapsed(stored, ActionStatus.Expired, contradiction), cancellationToken).ConfigureAwait(false);
            return null;
        }

        var evidence = ActionHistory.Vouched(await store.Evidence(actionId, cancellationToken).ConfigureAwait(false), history);
        var decisions = Judge.Verified(stored, evidence, store.Id, standing);
        var owner = standing.Policy.Principals.GetValueOrDefault(stored.Principal)?.Owner;
        var required = standing.Policy.Rules.ApprovalsFor(stored.Environment);
        if (Tally.Of(decisions, required, blocked: false, stored.Environment, owner).Missing is { } missing)
        {
            await store.Move(Records.Reopened(stored, missing, standing), cancellationToken).ConfigureAwait(false);
            return null;
        }

        using var held = Hold(actionId);
        return held is not null && await store.Move(Records.Claimed(stored, server), cancellationToken).ConfigureAwait(false)
            ? await Perform(stored, evidence, progress, cancellationToken).ConfigureAwait(false)
            : null;
    }

    private async Task<Outcome> Consider(Action action, Standing standing, IProgress<ProviderProgress> progress, CancellationToken cancellationToken)
    {
        if (Gate.Stop(action, standing) is { } stopped)
        {
            return await Refuse(Records.Refused(action, stopped), stopped, cancellationToken).ConfigureAwait(false);
        }

        var looked = await providers.Preview(action.Request, cancellationToken).ConfigureAwait(false);
        if (looked is Previewed.Refused none)
        {
            return await Refuse(Records.Refused(action, none.Refusal), none.Refusal, cancellationToken).ConfigureAwait(false);
        }

        var seen = ((Previewed.Seen)looked).Preview;
        return Gate.Rule(action, seen, standing) switch
        {
            Ruling.Refuse refuse => await Refuse(Records.Refused(action, refuse.Why), refuse.Why, cancellationToken).ConfigureAwait(false),
            Ruling.Ask ask => await Propose(action, seen, ask, standing, cancellationToken).ConfigureAwait(false),
            Ruling.Run { Effect: Effect.Read } run => await Read(action, seen, run, standing, progress, cancellationToken).ConfigureAwait(false),
            Ruling.Run run => await Begin(action, seen, run, standing, progress, cancellationToken).ConfigureAwait(false),
            _ => throw new NotSupportedException("Unknown ruling."),
        };
    }
}
