namespace SafeTools;

/// <summary>Configuration, specs and approvers, read and checked: what the gate goes by.</summary>
internal sealed record Policy
{
    public required PolicySource Source { get; init; }

    public required EnvironmentMap Environments { get; init; }

    public required IReadOnlyDictionary<string, Resource> Resources { get; init; }

    public required IReadOnlyDictionary<string, Principal> Principals { get; init; }

    public required IReadOnlyList<Approver> Approvers { get; init; }

    public required IReadOnlyDictionary<string, ToolSpec> Tools { get; init; }

    public required PolicyRules Rules { get; init; }

    /// <summary>Whether it names enough persons to sign the policy after it; one that does not could never be changed again.</summary>
    public bool CanBeFollowed => Approvers.Where(approver => approver.ApprovesEverything).Select(approver => approver.Name).Distinct(StringComparer.Ordinal).Count() >= Rules.ApprovalsForPolicy;
}
