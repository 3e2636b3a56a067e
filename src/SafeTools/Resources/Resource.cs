using System.Collections.Frozen;

namespace SafeTools;

/// <summary>One configured target.</summary>
/// <param name="Name">Its key in safetools.yaml.</param>
/// <param name="Provider">The provider that talks to it.</param>
/// <param name="Environment">The claimed environment, as written; only evidence makes it true.</param>
/// <param name="Settings">What the provider needs, already checked.</param>
public sealed record Resource(string Name, string Provider, string Environment, SettingValues Settings)
{
    /// <summary>What the team's own environment names mean: local, staging or production. A name that is neither of these nor here is production.</summary>
    public IReadOnlyDictionary<string, string> OwnEnvironments { get; init; } = FrozenDictionary<string, string>.Empty;
}
