namespace SafeTools.Providers.Postgres;

/// <summary>One row that a subject answered.</summary>
internal readonly record struct ProofRow(string Kind, string Subject, string? Mend)
{
    /// <summary>Weighed, each once, worst first.</summary>
    public static IReadOnlyList<Finding> Weigh(IEnumerable<ProofRow> rows, IReadOnlyCollection<string> tolerated) =>
    [
        .. rows.Distinct()
            .Select(row => new Finding(row.Kind, FindingKinds.Weigh(row.Kind, tolerated), row.Subject, row.Mend))
            .OrderBy(finding => finding.Weight)
            .ThenBy(finding => Array.IndexOf(Order, finding.Kind))
            .ThenBy(finding => finding.Subject, StringComparer.Ordinal),
    ];

    private static readonly string[] Order = [.. FindingKinds.All];
}
