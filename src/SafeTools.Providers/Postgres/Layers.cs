namespace SafeTools.Providers.Postgres;

/// <summary>
/// What stands between a statement and a write. Everything is on wherever SafeTools serves; only tests, which alone can make another one, take single
/// layers away to see that the others hold.
/// </summary>
internal sealed record Layers
{
    public static Layers All { get; } = new();

    /// <summary>a: the credential must be proved to do no more than read.</summary>
    public bool Attestation { get; init; } = true;

    /// <summary>b: one statement, short and flat, judged by its text.</summary>
    public bool TextCaps { get; init; } = true;

    /// <summary>c: the server's analysis, judged against the allow list.</summary>
    public bool ParseGate { get; init; } = true;

    /// <summary>d: read-only transactions.</summary>
    public bool ReadOnly { get; init; } = true;

    /// <summary>e: the server's own time limits.</summary>
    public bool Timeouts { get; init; } = true;
}
