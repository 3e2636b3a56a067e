namespace SafeTools;

/// <summary>What a provider proved, on the live system, about a resource's credential and identity.</summary>
public sealed record Attestation
{
    public required DateTimeOffset Taken { get; init; }

    /// <summary>Null where the system answered; else why nothing could be proved.</summary>
    public Refusal? Unreachable { get; init; }

    /// <summary>What speaks against the credential, worst first.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>What a person does about the findings as a whole, a sentence or a command each; none where nothing refuses. Never for an agent.</summary>
    public IReadOnlyList<string> Advice { get; init; } = [];

    /// <summary>Who and where it is: version, identity, environment; where nothing answered, what was tried.</summary>
    public IReadOnlyList<Fact> Facts { get; init; } = [];

    public EnvironmentEvidence? Environment { get; init; }

    /// <summary>How it is said in one word: to agents, in metadata, in reports.</summary>
    public AttestationVerdict Verdict =>
        Unreachable is not null ? AttestationVerdict.Unknown
        : Findings.Any(finding => finding.Weight == FindingWeight.Refuses) ? AttestationVerdict.Failed
        : AttestationVerdict.Proved;
}
