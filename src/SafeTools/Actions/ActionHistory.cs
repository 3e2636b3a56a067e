namespace SafeTools;

/// <summary>
/// What the audit says of one action. A row that claims to be approved is held against it, because old signatures still verify on a row that
/// was executed, withdrawn or lapsed long ago and whose status somebody set back. Pure.
/// </summary>
internal static class ActionHistory
{
    /// <summary>Why an action whose row says approved must not run; null where the chain does not contradict it.</summary>
    public static Refusal? Contradicts(StoredAction action, IReadOnlyList<AuditEntry> history, DateTimeOffset now)
    {
        var asked = history.Where(entry => entry.Kind == AuditKind.ActionProposed.Word()).ToArray();
        if (asked is not [var proposal] || proposal.BodyJson["digest"]?.GetValue<string>() != action.Digest)
        {
            return RefusalCatalog.AuditBroken.Because("The audit does not know this action as it stands in the store.");
        }

        if (history.Any(entry => entry.Kind == AuditKind.ActionClaimed.Word() || entry.Kind == AuditKind.ActionEnded.Word()))
        {
            return RefusalCatalog.AuditBroken.Because("The audit says that this action was executed or ended before.");
        }

        var decisions = history.Where(entry => entry.Kind == AuditKind.DecisionAccepted.Word()).ToArray();
        if (decisions.Any(entry => entry.BodyJson["verdict"]?.GetValue<string>() == Verdict.Reject.Word()))
        {
            return RefusalCatalog.AuditBroken.Because("The audit says that this action was rejected.");
        }

        return decisions is [.., var newest] && now - newest.Time > PolicyRules.ApprovedLife
            ? RefusalCatalog.ProposalExpired.Because("The newest approval is too old.")
            : null;
    }

    /// <summary>How the action ended by the chain; null where it has not, or where it is still unknown how.</summary>
    public static ActionStatus? End(IReadOnlyList<AuditEntry> history) =>
        history.LastOrDefault(entry => entry.Kind == AuditKind.ActionEnded.Word())?.BodyJson["status"]?.GetValue<string>() is { } word
        && ActionLife.Parse(word) is var status && status != ActionStatus.Unknown
            ? status
            : null;

    /// <summary>Whether the chain says that the action succeeded with exactly the result that the row holds.</summary>
    public static bool Succeeded(StoredAction action, IReadOnlyList<AuditEntry> history) =>
        action is { Status: ActionStatus.Succeeded, Result: { } result }
        && history.LastOrDefault(entry => entry.Kind == AuditKind.ActionEnded.Word()) is { } end
        && end.BodyJson["status"]?.GetValue<string>() == ActionStatus.Succeeded.Word()
        && end.BodyJson["result"]?.GetValue<string>() == Digest.Of(result);
}
