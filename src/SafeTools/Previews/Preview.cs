namespace SafeTools;

/// <summary>What a request would hit, looked up by the server. Taking one never changes anything.</summary>
public sealed record Preview
{
    /// <summary>One sentence: what would happen.</summary>
    public required string Summary { get; init; }

    public required Item Item { get; init; }

    public required EnvironmentEvidence Environment { get; init; }

    /// <summary>
    /// What consent depends on (provider id, creation time, dependants), as names and values. Must be the same at execution,
    /// to the letter. The environment is added by the gate. Sizes and ages are facts, not fingerprint.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Fingerprint { get; init; }

    public IReadOnlyList<Fact> Facts { get; init; } = [];

    public IReadOnlyList<RecoveryPoint> RecoveryPoints { get; init; } = [];

    /// <summary>An effect stronger than the spec's, because of what was found; with the reason.</summary>
    public (Effect Effect, string Reason)? Raised { get; init; }

    /// <summary>How it could be taken back, in one sentence; null where it could not.</summary>
    public string? UndoNote { get; init; }
}
