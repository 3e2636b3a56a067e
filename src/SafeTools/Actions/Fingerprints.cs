using System.Text.Json.Nodes;

namespace SafeTools;

/// <summary>Reads a stored fingerprint back into what the provider gave.</summary>
internal static class Fingerprints
{
    /// <summary>The part that the gate adds to every provider's fingerprint.</summary>
    public const string Environment = "environment";

    public static IReadOnlyDictionary<string, string> Read(string stored) => JsonNode.Parse(stored)!.AsObject()
        .Where(part => part.Key != Environment)
        .ToDictionary(part => part.Key, part => part.Value!.GetValue<string>(), StringComparer.Ordinal);
}
