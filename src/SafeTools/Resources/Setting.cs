namespace SafeTools;

/// <summary>A key that a resource or a spec may carry for its provider. Keys that nobody declared refuse.</summary>
/// <param name="Name">The key as written in YAML.</param>
/// <param name="Kind">How the value is read.</param>
/// <param name="Summary">One sentence for error messages and docs.</param>
public sealed record Setting(string Name, SettingKind Kind, string Summary)
{
    public bool Required { get; init; } = true;

    /// <summary>For <see cref="SettingKind.Fields"/>: the keys it may have, all optional.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>
    /// For paths: what lies there decides which environment something is of, or whether it can be recovered. Where another OS user is promised,
    /// no other user may be able to change it.
    /// </summary>
    public bool IsEvidence { get; init; }
}
