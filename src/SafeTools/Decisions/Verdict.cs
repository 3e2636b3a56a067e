namespace SafeTools;

internal enum Verdict
{
    Approve,

    /// <summary>Yes, although the recovery gate blocks.</summary>
    ApproveWithoutRecovery,

    Reject,
}
