namespace SafeTools;

/// <summary>How verdicts are written; the words are part of what is signed.</summary>
internal static class Verdicts
{
    public static string Word(this Verdict verdict) => verdict switch
    {
        Verdict.Approve => "approve",
        Verdict.ApproveWithoutRecovery => "approve-without-recovery",
        Verdict.Reject => "reject",
    };

    public static Verdict? Parse(string word) => word switch
    {
        "approve" => Verdict.Approve,
        "approve-without-recovery" => Verdict.ApproveWithoutRecovery,
        "reject" => Verdict.Reject,
        _ => null,
    };
}
