namespace SafeTools;

/// <summary>
/// What the audit says of one action. A row that claims to be approved is held against it, because old signatures still verify on a row that
/// was executed, withdrawn or lapsed long ago and whose status somebody set back. Pure.
/// </summary>
internal static class ActionHistory
{
    /// <summary>
    /// The action's entries, read from the chain itself: every link from the first of them to the newest entry is checked, so that an entry
    /// which was edited, taken out or given to another action is noticed and not merely missing.
    /// </summary>
    /// <exception cref="StoreException">The chain does not verify (ST1803).</exception>
    public static async Task<IReadOnlyList<AuditEntry>> Read(IStore store, string actionId, CancellationToken cancellationToken)
    {
        if (await store.History(actionId, cancellationToken).ConfigureAwait(false) is not [var first, ..])
        {
            return [];
        }

        var history = new List<AuditEntry>();
        (long Sequence, string Hash, DateTimeOffset Time) before = (first.Sequence - 1, first.Previous, first.Time);
        await foreach (var entry in store.Audit(first.Sequence, cancellationToken).ConfigureAwait(false))
        {
            if (AuditChain.Fault(before, entry) is { } fault)
            {
                throw new StoreException(RefusalCatalog.AuditBroken.Because($"The audit was edited: {fault}."));
            }

            before = (entry.Sequence, entry.Hash, entry.Time);
            if (entry.ActionId == actionId)
            {
                history.Add(entry);
            }
        }

        return history;
    }

    /// <summary>Why an action whose row says approved must not run; null where the chain does not contradict it.</summary>
    public static Refusal? Contradicts(StoredAction action, IReadOnlyList<AuditEntry> history, DateTimeOffset now)
    {
        var asked = history.Where(entry => entry.Kind == AuditKind.ActionProposed.Word()).ToArray();
        if (asked is not [var proposal] || proposal.BodyJson["digest"]?.GetValue<string>() != action.Digest)
        {
            return RefusalCatalog.AuditBroken.Because("The audit does not know this action as it stands in the store.");
        }

        if (Previews(history) is var previews && history.Any(entry => entry.Kind == AuditKind.DecisionAccepted.Word() && !previews.Contains(entry.BodyJson["preview"]?.GetValue<string>())))
        {
            return RefusalCatalog.AuditBroken.Because("An approver was shown facts that the audit does not know.");
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

    /// <summary>
    /// Why the row must not be shown to somebody who decides: it is not what the chain says was asked or seen. A person signs what they see,
    /// so what they see must not be what somebody wrote into the store.
    /// </summary>
    public static Refusal? Edited(StoredAction action, IReadOnlyList<AuditEntry> history)
    {
        var asked = history.FirstOrDefault(entry => entry.Kind == AuditKind.ActionProposed.Word() || entry.Kind == AuditKind.ActionBegun.Word());
        var whole = asked?.BodyJson["digest"]?.GetValue<string>() == action.Digest
            && Previews(history).Contains(action.PreviewDigest)
            && CanonicalJson.Text(action.PreviewJson["fingerprint"]) == action.Fingerprint
            && ActionDocument.TargetEnvironment(action.Document) == action.Environment
            && action.PreviewJson["environment"]?.GetValue<string>() == action.Environment.Word()
            && action.PreviewJson["effect"]?.GetValue<string>() == action.Effect.Word();
        return whole ? null : RefusalCatalog.AuditBroken.Because("The stored action is not what the audit says was asked and seen.");
    }

    /// <summary>
    /// The evidence as far as the chain vouches for it: a preview counts with the fingerprint that it had when it was taken, not with one that
    /// somebody wrote beside it.
    /// </summary>
    public static ActionEvidence Vouched(ActionEvidence evidence, IReadOnlyList<AuditEntry> history) => evidence with
    {
        PreviewFingerprints = evidence.PreviewFingerprints
            .Where(preview => history.Any(entry => entry.BodyJson["preview"]?.GetValue<string>() == preview.Key && entry.BodyJson["fingerprint"]?.GetValue<string>() == Digest.Of(preview.Value)))
            .ToDictionary(StringComparer.Ordinal),
    };

    private static HashSet<string?> Previews(IReadOnlyList<AuditEntry> history) => history
        .Where(entry => entry.Kind == AuditKind.ActionProposed.Word() || entry.Kind == AuditKind.ActionBegun.Word()
            || entry.Kind == AuditKind.ActionRepeated.Word() || entry.Kind == AuditKind.PreviewRefreshed.Word())
        .Select(entry => entry.BodyJson["preview"]?.GetValue<string>())
        .ToHashSet(StringComparer.Ordinal);

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
