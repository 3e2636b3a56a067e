using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SafeTools.Server.Mcp;

/// <summary>
/// Answers a plain <c>initialize</c> (MCP up to 2025-11-25, lifecycle) before the SDK, the store or a policy is loaded: the answer depends on none of them.
/// It says exactly what the SDK would say, which still receives the request and whose own answer is then not sent twice.
/// Anything but the plainest request is left to the SDK.
/// </summary>
internal static class Greeting
{
    /// <summary>In bytes. A longer first line is nobody's plain hello.</summary>
    private const int LongestRequest = 16 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>The line to answer with, its line feed included; null where the SDK must answer.</summary>
    public static byte[]? Answer(ReadOnlySequence<byte> line)
    {
        if (line.Length > LongestRequest)
        {
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(line, Strict);
            return IsPlain(document.RootElement) ? Write(document.RootElement) : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsPlain(JsonElement request) =>
        request.ValueKind == JsonValueKind.Object
        && request.EnumerateObject().All(member => member.Name is "jsonrpc" or "id" or "method" or "params")
        && Text(request, "jsonrpc") == "2.0"
        && Text(request, "method") == "initialize"
        && request.TryGetProperty("id", out var id) && (id.ValueKind == JsonValueKind.String || id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out _))
        && request.TryGetProperty("params", out var parameters) && parameters.ValueKind == JsonValueKind.Object
        && parameters.EnumerateObject().All(member => member.Name is "protocolVersion" or "capabilities" or "clientInfo")
        && Text(parameters, "protocolVersion") is "2024-11-05" or "2025-03-26" or "2025-06-18" or "2025-11-25"
        && parameters.TryGetProperty("capabilities", out var capabilities) && AreFlags(capabilities)
        && parameters.TryGetProperty("clientInfo", out var client) && IsName(client);

    /// <summary>Objects of objects and booleans, which is all that the published schemas have here.</summary>
    private static bool AreFlags(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object
        && element.EnumerateObject().All(member => member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False || AreFlags(member.Value));

    private static bool IsName(JsonElement client) =>
        client.ValueKind == JsonValueKind.Object
        && client.EnumerateObject().All(member => member.Name is "name" or "title" or "version" or "description" or "websiteUrl" && Text(client, member.Name) is not null)
        && Text(client, "name") is not null && Text(client, "version") is not null;

    /// <summary>Reading the string also finds broken Unicode, as the SDK would.</summary>
    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[] Write(JsonElement request)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteStartObject("result");
            json.WriteString("protocolVersion", Text(request.GetProperty("params"), "protocolVersion"));
            json.WriteStartObject("capabilities");
            json.WriteStartObject("logging");
            json.WriteEndObject();
            json.WriteStartObject("tools");
            json.WriteBoolean("listChanged", true);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartObject("serverInfo");
            json.WriteString("name", ServerIdentity.Name);
            json.WriteString("title", ServerIdentity.Title);
            json.WriteString("version", ThisBuild.Version);
            json.WriteEndObject();
            json.WriteString("instructions", ServerIdentity.Instructions);
            json.WriteEndObject();
            json.WritePropertyName("id");
            request.GetProperty("id").WriteTo(json);
            json.WriteString("jsonrpc", "2.0");
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
