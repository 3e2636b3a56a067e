namespace SafeTools.Providers.LocalVolume;

/// <summary>What a request names, resolved and held open, so that looking and acting mean the same thing.</summary>
internal sealed record Target(string Name, Item Item, EnvironmentEvidence Environment, IReadOnlyDictionary<string, string> Fingerprint) : IDisposable
{
    public Volume? Volume { get; init; }

    public QuarantineEntry? Entry { get; init; }

    /// <summary>What the entry held when the fingerprint was taken; null where it was empty.</summary>
    public FileIdentity? Held { get; init; }

    public Snapshot? Snapshot { get; init; }

    public void Dispose()
    {
        Volume?.Dispose();
        Entry?.Dispose();
        Snapshot?.Dispose();
    }

    public bool Matches(IReadOnlyDictionary<string, string> approved) =>
        approved.Count == Fingerprint.Count && Fingerprint.All(pair => approved.TryGetValue(pair.Key, out var value) && value == pair.Value);
}

/// <summary>A target, or why there is none.</summary>
internal readonly record struct Resolved(Target? Target, Refusal? Refusal)
{
    public static implicit operator Resolved(Target target) => new(target, null);

    public static implicit operator Resolved(Refusal refusal) => new(null, refusal);
}
