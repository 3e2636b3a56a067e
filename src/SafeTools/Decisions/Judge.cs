namespace SafeTools;

/// <summary>Rules on one more decision about a proposal. Pure.</summary>
internal static class Judge
{
    public static Judged Rule(StoredAction action, ActionEvidence evidence, Decision decision, string storeId, Standing standing)
    {
        if (action.Status != ActionStatus.Pending)
        {
            return No(action, RefusalCatalog.ProposalClosed.Because($"It is {action.Status.Word()} already."));
        }

        if (standing.Now > action.Expires)
        {
            return No(action, RefusalCatalog.ProposalExpired.Because("The proposal expired."));
        }

        if (DecisionVerifier.Verify(decision, action, storeId, evidence.PreviewFingerprints, standing, out var verified) is { } refusal)
        {
            return No(action, refusal);
        }

        var earlier = Verified(action, evidence, storeId, standing);
        if (decision.Verdict != Verdict.Reject && earlier.Any(other => other.Approver.Name == verified!.Approver.Name && Tally.Counts(other.Verdict, action.Blocked is not null)))
        {
            return No(action, RefusalCatalog.AlreadyDecided.Because($"{verified!.Approver.Name} has approved it already; another person must decide."));
        }

        if (decision.Verdict == Verdict.Approve && action.Blocked is not null)
        {
            return No(action, RefusalCatalog.RecoveryPointMissing.Because($"{action.Blocked} It can be approved only with the verdict approve-without-recovery."));
        }

        var owner = standing.Policy.Principals.GetValueOrDefault(action.Principal)?.Owner;
        var tally = Tally.Of([.. earlier, verified!], Math.Max(action.Required, 1), action.Blocked is not null, action.Environment, owner);
        if (tally.Rejected)
        {
            var why = decision.Reason is null ? "" : $" The reason given: {VisibleText.Line(decision.Reason, 500)}";
            return new Judged(null, ActionStatus.Rejected) { Result = ActionResult.Of(RefusalCatalog.RejectedBefore.Because($"{verified!.Approver.Name} rejected it.{why}")) };
        }

        return new Judged(null, tally.Missing is null ? ActionStatus.Approved : ActionStatus.Pending);
    }

    /// <summary>The stored decisions whose signatures hold now; the others count for nothing.</summary>
    public static IReadOnlyList<VerifiedDecision> Verified(StoredAction action, ActionEvidence evidence, string storeId, Standing standing) =>
    [
        .. evidence.Decisions
            .DistinctBy(decision => decision.Nonce)
            .Select(decision => DecisionVerifier.Verify(decision, action, storeId, evidence.PreviewFingerprints, standing, out var verified) is null ? verified : null)
            .OfType<VerifiedDecision>(),
    ];

    private static Judged No(StoredAction action, Refusal refusal) => new(refusal, action.Status);
}
