namespace SafeTools;

/// <summary>Counts persons, not keys. One rejection ends it.</summary>
/// <param name="Rejected">Somebody said no.</param>
/// <param name="Missing">Why it is not enough yet; null when it is.</param>
internal sealed record Tally(bool Rejected, Refusal? Missing)
{
    /// <param name="decisions">Verified ones.</param>
    /// <param name="blocked">The recovery gate blocks: a plain approval does not count.</param>
    /// <param name="owner">The person whose agent asks; alone never enough in production.</param>
    public static Tally Of(IReadOnlyList<VerifiedDecision> decisions, int required, bool blocked, EnvironmentLabel environment, string? owner)
    {
        if (decisions.Any(decision => decision.Verdict == Verdict.Reject))
        {
            return new Tally(true, RefusalCatalog.RejectedBefore.Because("An approver rejected it."));
        }

        var persons = decisions.Where(decision => Counts(decision.Verdict, blocked)).Select(decision => decision.Approver.Name).Distinct(StringComparer.Ordinal).ToArray();
        if (persons.Length < Math.Max(1, required))
        {
            return new Tally(false, RefusalCatalog.NotEnoughDecisions.Because($"Valid approvals by different persons: {persons.Length} of {Math.Max(1, required)}{(blocked ? ", counting only approve-without-recovery" : "")}."));
        }

        return environment == EnvironmentLabel.Production && persons is [var only] && only == owner
            ? new Tally(false, RefusalCatalog.OwnerAlone.Because($"{only} owns the asking principal; in production somebody else must approve too."))
            : new Tally(false, null);
    }

    /// <summary>Whether a verdict is a yes to what stands now.</summary>
    public static bool Counts(Verdict verdict, bool blocked) => verdict switch
    {
        Verdict.Approve => !blocked,
        Verdict.ApproveWithoutRecovery => true,
        Verdict.Reject => false,
    };
}
