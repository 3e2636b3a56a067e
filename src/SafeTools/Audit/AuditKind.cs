namespace SafeTools;

/// <summary>What an audit entry tells of.</summary>
internal enum AuditKind
{
    StoreCreated,
    CallRefused,
    ReadAnswered,
    ReadFailed,
    ActionProposed,
    ActionRepeated,
    ActionBegun,
    PreviewRefreshed,
    NonceIssued,
    DecisionAccepted,
    DecisionRefused,
    ActionReopened,
    ActionRestored,
    ActionClaimed,
    ActionEnded,
    PolicySigned,
    PolicyAccepted,
    PolicyWaiting,
    PolicyRefused,
    Frozen,
    Unfrozen,
    UnfreezeRefused,
    ObligationBegun,
    ObligationEnded,
}
