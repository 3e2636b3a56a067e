using System.Collections.Frozen;
using System.Text.Json;

namespace SafeTools;

/// <summary>Arguments that were bound: each is declared, of its type and inside its bounds, defaults and fixed values included.</summary>
public sealed class Arguments
{
    private readonly FrozenDictionary<string, JsonElement> _values;

    public Arguments(IReadOnlyDictionary<string, JsonElement> values) => _values = values.ToFrozenDictionary(StringComparer.Ordinal);

    public static Arguments None { get; } = new(new Dictionary<string, JsonElement>());

    public IReadOnlyDictionary<string, JsonElement> Values => _values;

    /// <summary>A required string.</summary>
    public string Text(string name) => _values[name].GetString()!;

    public string? TextOrNull(string name) => _values.TryGetValue(name, out var value) ? value.GetString() : null;

    /// <summary>A required integer.</summary>
    public long Integer(string name) => _values[name].GetInt64();
}
