namespace SafeTools;

/// <summary>How verdicts and weights are written for agents, in metadata and in reports.</summary>
internal static class AttestationNames
{
    public static string Word(this AttestationVerdict verdict) => verdict switch
    {
        AttestationVerdict.Proved => "proved",
        AttestationVerdict.Failed => "failed",
        AttestationVerdict.Unknown => "unknown",
    };

    public static string Word(this FindingWeight weight) => weight switch
    {
        FindingWeight.Refuses => "refuses",
        FindingWeight.Tolerated => "tolerated",
        FindingWeight.Advises => "advises",
    };

    /// <summary>Each kind of finding once, worst first.</summary>
    public static IReadOnlyList<string> Kinds(this Attestation attestation) => [.. attestation.Findings.Select(finding => finding.Kind).Distinct(StringComparer.Ordinal)];

    /// <summary>The environment that a resource counts as, by what was seen there.</summary>
    public static Placement Place(this Attestation attestation, Resource resource, EnvironmentMap environments) =>
        environments.Place(resource.Environment, attestation.Environment ?? new EnvironmentEvidence([], "the system did not say"));
}
