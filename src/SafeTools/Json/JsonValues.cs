using System.Text.Json;
using System.Text.Json.Nodes;

namespace SafeTools;

/// <summary>Single JSON values without reflection.</summary>
internal static class JsonValues
{
    public static JsonElement Of(string value) => Element(JsonValue.Create(value));

    public static JsonElement Of(long value) => Element(JsonValue.Create(value));

    public static JsonElement Of(double value) => Element(JsonValue.Create(value));

    public static JsonElement Of(bool value) => Element(JsonValue.Create(value));

    public static JsonElement Element(JsonNode node)
    {
        using var document = JsonDocument.Parse(node.ToJsonString());
        return document.RootElement.Clone();
    }

    public static JsonNode? Node(JsonElement element) => JsonNode.Parse(element.GetRawText());

    /// <summary>A member that must be there.</summary>
    /// <exception cref="FormatException">It is not.</exception>
    public static JsonNode Required(this JsonObject json, string key) => json[key] ?? throw new FormatException($"'{key}' is missing.");

    /// <summary>Names of texts, as a JSON array.</summary>
    public static JsonArray Array(IEnumerable<string> values) => new([.. values.Select(value => JsonValue.Create(value))]);
}
