namespace SafeTools;

/// <summary>What the gate says.</summary>
internal abstract record Ruling
{
    private Ruling()
    {
    }

    /// <summary>May run at once.</summary>
    public sealed record Run(Effect Effect, Placement Placement) : Ruling;

    /// <summary>Waits for humans.</summary>
    /// <param name="Required">How many persons must approve.</param>
    /// <param name="Blocked">Why the recovery gate blocks it; then only <see cref="Verdict.ApproveWithoutRecovery"/> counts.</param>
    public sealed record Ask(Effect Effect, Placement Placement, int Required, Refusal? Blocked) : Ruling;

    public sealed record Refuse(Refusal Why) : Ruling;
}
