namespace SafeTools.Providers.Postgres;

/// <summary>One thing that was found about a credential. Holds nothing secret.</summary>
/// <param name="Kind">One of <see cref="DiagnosisKinds"/>.</param>
/// <param name="Says">One plain sentence.</param>
internal sealed record Found(string Kind, string Says, params IReadOnlyList<Mend> Mends)
{
    public Severity Severity { get; init; } = DiagnosisKinds.Severity(Kind);

    /// <summary>Worst first; among equals in the order of <see cref="DiagnosisKinds.All"/>.</summary>
    public static IReadOnlyList<Found> InOrder(IEnumerable<Found> found) =>
        [.. found.DistinctBy(one => (one.Kind, one.Says)).OrderBy(one => one.Severity).ThenBy(one => DiagnosisKinds.Rank(one.Kind))];
}
