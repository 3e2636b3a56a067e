namespace SafeTools;

/// <summary>How kinds are written in the chain; the words are hashed, so they never change.</summary>
internal static class AuditKinds
{
    public static string Word(this AuditKind kind) => kind switch
    {
        AuditKind.StoreCreated => "store.created",
        AuditKind.CallRefused => "call.refused",
        AuditKind.ReadAnswered => "read.answered",
        AuditKind.ReadFailed => "read.failed",
        AuditKind.ActionProposed => "action.proposed",
        AuditKind.ActionRepeated => "action.repeated",
        AuditKind.ActionBegun => "action.begun",
        AuditKind.PreviewRefreshed => "preview.refreshed",
        AuditKind.NonceIssued => "nonce.issued",
        AuditKind.DecisionAccepted => "decision.accepted",
        AuditKind.DecisionRefused => "decision.refused",
        AuditKind.ActionReopened => "action.reopened",
        AuditKind.ActionRestored => "action.restored",
        AuditKind.ActionClaimed => "action.claimed",
        AuditKind.ActionEnded => "action.ended",
        AuditKind.PolicySigned => "policy.signed",
        AuditKind.PolicyAccepted => "policy.accepted",
        AuditKind.PolicyWaiting => "policy.waiting",
        AuditKind.PolicyRefused => "policy.refused",
        AuditKind.Frozen => "principal.frozen",
        AuditKind.Unfrozen => "principal.unfrozen",
        AuditKind.UnfreezeRefused => "unfreeze.refused",
        AuditKind.ObligationBegun => "obligation.begun",
        AuditKind.ObligationEnded => "obligation.ended",
    };
}
