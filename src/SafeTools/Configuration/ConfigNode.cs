using System.Text.Json.Nodes;

namespace SafeTools;

/// <summary>A piece of a YAML file that remembers where it stands.</summary>
internal abstract record ConfigNode(string File, int Line)
{
    /// <summary>The meaning without comments, order of keys and layout: what a digest is taken of.</summary>
    public abstract JsonNode ToJson();

    internal sealed record Scalar(string File, int Line, string Text, bool Plain) : ConfigNode(File, Line)
    {
        public override JsonNode ToJson() => Plain ? new JsonObject { ["plain"] = Text } : JsonValue.Create(Text);
    }

    internal sealed record List(string File, int Line, IReadOnlyList<ConfigNode> Items) : ConfigNode(File, Line)
    {
        public override JsonNode ToJson() => new JsonArray([.. Items.Select(item => item.ToJson())]);
    }

    internal sealed record Map(string File, int Line, IReadOnlyList<Entry> Entries) : ConfigNode(File, Line)
    {
        public override JsonNode ToJson() => new JsonObject(Entries.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value.ToJson())));
    }

    internal sealed record Entry(string Key, int Line, ConfigNode Value);
}
