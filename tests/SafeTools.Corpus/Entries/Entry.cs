namespace SafeTools.Corpus.Entries;

/// <summary>One statement of a corpus.</summary>
/// <param name="Category">What it tries. A category that nobody here knows is held to the strictest rule.</param>
/// <param name="Effect">What it would do, in words.</param>
/// <param name="Leak">A regular expression that no answer to it may match; null where the words that every answer is searched for are enough.</param>
internal sealed record Entry(string Id, string Category, string Sql, string Effect, string? Leak = null)
{
    /// <summary>Only looks dangerous; must be answered.</summary>
    public bool IsBenign => Category == "benign";

    /// <summary>Costly rather than forbidden: an answer within the limits does no harm.</summary>
    public bool IsCostly => Category.StartsWith("dos_", StringComparison.Ordinal);
}
