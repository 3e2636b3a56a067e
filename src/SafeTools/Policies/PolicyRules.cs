namespace SafeTools;

/// <summary>The knobs under <c>policy:</c> and <c>approvals:</c>. They tighten what the gate does anyway; none turns it off.</summary>
internal sealed record PolicyRules
{
    /// <summary>How fresh a recovery point must be before something is destroyed, by environment; production has one always.</summary>
    public IReadOnlyDictionary<EnvironmentLabel, TimeSpan> RequireRecoveryPoint { get; init; } = new Dictionary<EnvironmentLabel, TimeSpan>
    {
        [EnvironmentLabel.Production] = TimeSpan.FromHours(24),
    };

    /// <summary>How many persons must approve, by environment; one where nothing is said.</summary>
    public IReadOnlyDictionary<EnvironmentLabel, int> Approvals { get; init; } = new Dictionary<EnvironmentLabel, int>();

    public int MaxOpenProposals { get; init; } = 20;

    /// <summary>How long a proposal waits for decisions.</summary>
    public TimeSpan ProposalLife { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Where approvers decide in a browser; null where there is no such page.</summary>
    public Uri? Console { get; init; }

    /// <summary>How long an approved action waits for a process that can execute it (DESIGN §4).</summary>
    public static TimeSpan ApprovedLife { get; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a rejected request refuses (DESIGN §4).</summary>
    public static TimeSpan RejectedLife { get; } = TimeSpan.FromHours(24);

    /// <summary>How long a nonce for a decision lives (DESIGN §4).</summary>
    public static TimeSpan NonceLife { get; } = TimeSpan.FromMinutes(2);

    public int ApprovalsFor(EnvironmentLabel environment) => Approvals.GetValueOrDefault(environment, 1);

    /// <summary>Persons that must sign the next policy: as many as the strictest environment asks for. An unfreeze takes one.</summary>
    public int ApprovalsForPolicy => Approvals.Values.DefaultIfEmpty(1).Max();
}
