using System.Text.Json;

namespace SafeTools.Providers.Postgres;

/// <summary>json and jsonb as part of the answer.</summary>
internal static class EmbeddedJson
{
    /// <summary>Deeper JSON stays a string, so that the answer is no deeper than any reader follows.</summary>
    public const int Deepest = 32;

    private static readonly JsonDocumentOptions Clean = new() { MaxDepth = Deepest, AllowDuplicateProperties = false };

    /// <summary>
    /// False where it is not clean JSON: too deep, a key twice (type json keeps both, and readers differ in which they see), or half of a surrogate pair.
    /// The writer is spoilt then.
    /// </summary>
    public static bool TryWrite(Utf8JsonWriter writer, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, Clean);
            document.RootElement.WriteTo(writer);
            return true;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
