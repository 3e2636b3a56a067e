using System.Text.Json.Nodes;

namespace SafeTools;

/// <summary>The files a policy is made of, as text: what the human signs and what the state folder keeps.</summary>
/// <param name="BaseFolder">Absolute; what relative paths are resolved against. Part of the signed policy, so that moving the file changes it.</param>
/// <param name="Configuration">The text of safetools.yaml.</param>
/// <param name="Specs">Spec files by path relative to the base folder, with forward slashes.</param>
internal sealed record PolicySource(string BaseFolder, string Configuration, IReadOnlyDictionary<string, string> Specs)
{
    public const string ConfigurationName = "safetools.yaml";

    public JsonObject ToJson() => new()
    {
        ["base"] = BaseFolder,
        ["configuration"] = Configuration,
        ["specs"] = new JsonObject(Specs.Select(spec => KeyValuePair.Create(spec.Key, (JsonNode?)JsonValue.Create(spec.Value)))),
    };

    /// <summary>A digest of what the files say, whatever their comments, layout and order of keys.</summary>
    public string Meaning()
    {
        static JsonNode? Tree(string name, string text) => YamlReader.Read(name, text, [])?.ToJson();
        return Digest.Of(new JsonObject
        {
            ["base"] = BaseFolder,
            ["configuration"] = Tree(ConfigurationName, Configuration),
            ["specs"] = new JsonObject(Specs.Select(spec => KeyValuePair.Create(spec.Key, Tree(spec.Key, spec.Value)))),
        });
    }

    public static PolicySource FromJson(JsonObject json) => new(
        json.Required("base").GetValue<string>(),
        json.Required("configuration").GetValue<string>(),
        json.Required("specs").AsObject().ToDictionary(spec => spec.Key, spec => spec.Value?.GetValue<string>() ?? throw new FormatException("A spec is missing."), StringComparer.Ordinal));
}
