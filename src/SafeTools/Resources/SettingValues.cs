using System.Collections.Frozen;

namespace SafeTools;

/// <summary>The provider's own keys of a resource or spec, checked against what the provider declared.</summary>
public sealed class SettingValues
{
    private readonly FrozenDictionary<string, string> _text;
    private readonly FrozenDictionary<string, IReadOnlyList<string>> _lists;
    private readonly FrozenDictionary<string, IReadOnlyDictionary<string, IReadOnlyList<string>>> _pathsByEnvironment;

    public SettingValues(
        IReadOnlyDictionary<string, string> text,
        IReadOnlyDictionary<string, IReadOnlyDictionary<string, IReadOnlyList<string>>>? pathsByEnvironment = null,
        IReadOnlyDictionary<string, IReadOnlyList<string>>? lists = null)
    {
        _text = text.ToFrozenDictionary(StringComparer.Ordinal);
        _lists = (lists ?? new Dictionary<string, IReadOnlyList<string>>()).ToFrozenDictionary(StringComparer.Ordinal);
        _pathsByEnvironment = (pathsByEnvironment ?? new Dictionary<string, IReadOnlyDictionary<string, IReadOnlyList<string>>>())
            .ToFrozenDictionary(StringComparer.Ordinal);
    }

    public static SettingValues Empty { get; } = new(new Dictionary<string, string>());

    /// <summary>A required <see cref="SettingKind.Text"/> or <see cref="SettingKind.Path"/>; a path is absolute.</summary>
    public string Text(string name) => _text[name];

    /// <summary>The same where the setting is optional.</summary>
    public string? TextOrNull(string name) => _text.GetValueOrDefault(name);

    /// <summary>One key of a <see cref="SettingKind.Fields"/> setting; null where it was not said.</summary>
    public string? Field(string name, string field) => _text.GetValueOrDefault($"{name}.{field}");

    /// <summary>A required <see cref="SettingKind.Secret"/>.</summary>
    public SecretReference Secret(string name) =>
        SecretReference.Parse(_text[name]) ?? throw new InvalidOperationException($"The setting {name} is no reference to a secret.");

    /// <summary>A <see cref="SettingKind.Texts"/> setting; empty where it is absent.</summary>
    public IReadOnlyList<string> Texts(string name) => _lists.GetValueOrDefault(name) ?? [];

    /// <summary>Everything that was said, for people and digests: keys as written, paths absolute, <c>references.staging</c> for what stands by environment.</summary>
    internal IReadOnlyDictionary<string, string> Said => _text
        .Concat(_lists.Select(list => KeyValuePair.Create(list.Key, string.Join(", ", list.Value))))
        .Concat(_pathsByEnvironment.SelectMany(setting => setting.Value.Select(place => KeyValuePair.Create($"{setting.Key}.{place.Key}", string.Join(", ", place.Value)))))
        .ToDictionary(StringComparer.Ordinal);

    /// <summary>Environment names as written, each with absolute paths; empty where the setting is absent.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> PathsByEnvironment(string name) =>
        _pathsByEnvironment.GetValueOrDefault(name) ?? FrozenDictionary<string, IReadOnlyList<string>>.Empty;
}
