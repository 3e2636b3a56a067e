using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace SafeTools;

/// <summary>A team's own environment names. A name that is not in it is production: a typing error never opens a door.</summary>
internal sealed class EnvironmentMap(IReadOnlyDictionary<string, EnvironmentLabel> own)
{
    private readonly FrozenDictionary<string, EnvironmentLabel> _own = own.ToFrozenDictionary(StringComparer.Ordinal);

    public static EnvironmentMap Standard { get; } = new(new Dictionary<string, EnvironmentLabel>());

    /// <summary>The own names, without the three that everybody has.</summary>
    public IEnumerable<string> OwnNames => _own.Keys;

    /// <summary>The own names with what they mean, in words.</summary>
    public IReadOnlyDictionary<string, string> Words => _own.ToFrozenDictionary(name => name.Key, name => name.Value.Word(), StringComparer.Ordinal);

    /// <summary>What own names mean; part of every tool's digest, because a claim or evidence may be written in them.</summary>
    public JsonObject ToJson() => new(_own.Select(name => KeyValuePair.Create(name.Key, (JsonNode?)JsonValue.Create(name.Value.Word()))));

    public EnvironmentLabel Resolve(string name) => LabelNames.ParseEnvironment(name) ?? _own.GetValueOrDefault(name, EnvironmentLabel.Production);

    public bool Knows(string name) => LabelNames.ParseEnvironment(name) is not null || _own.ContainsKey(name);

    /// <summary>
    /// Where an item really lives: the claim counts only where the evidence names exactly that environment;
    /// no evidence, several environments or a disagreement mean production.
    /// </summary>
    public Placement Place(string claimed, EnvironmentEvidence evidence)
    {
        var found = evidence.Names.Select(Resolve).Distinct().Order().ToArray();
        var names = string.Join(" and ", evidence.Names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        return found switch
        {
            [] => new Placement(EnvironmentLabel.Production, $"nothing confirms its environment ({evidence.Source}), so it counts as production"),
            [var one] when one == Resolve(claimed) => new Placement(one, $"{evidence.Source}: {names}"),
            [var one] => new Placement(EnvironmentLabel.Production, $"configured as {claimed}, but {evidence.Source} says {one.Word()}, so it counts as production"),
            _ => new Placement(EnvironmentLabel.Production, $"shared by {names} ({evidence.Source}), so it counts as production"),
        };
    }
}
