namespace SafeTools;

/// <summary>A decision whose signature was checked just now.</summary>
internal sealed record VerifiedDecision(Approver Approver, Verdict Verdict);
