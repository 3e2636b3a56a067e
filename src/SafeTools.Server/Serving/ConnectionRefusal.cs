using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace SafeTools.Server.Serving;

/// <summary>
/// The one line that a server writes to a connection it does not take, before it closes it: a JSON-RPC error without an id, which every MCP
/// client can read. <c>connect</c> knows it by its beginning and tells it to the person instead.
/// </summary>
internal static class ConnectionRefusal
{
    /// <summary>In JSON-RPC's range for servers.</summary>
    public const int Code = -32011;

    /// <summary>Of a whole line, in bytes.</summary>
    public const int Longest = 4096;

    public static ReadOnlySpan<byte> Beginning => """{"jsonrpc":"2.0","id":null,"error":{"code":-32011,"""u8;

    public static byte[] Line(Refusal why)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc", "2.0");
            json.WriteNull("id");
            json.WriteStartObject("error");
            json.WriteNumber("code", Code);
            json.WriteString("message", $"{why.Code.Id} {why.Message} {why.Code.Remedy}");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The words in such a line; null where it is none.</summary>
    public static string? Words(ReadOnlyMemory<byte> line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return VisibleText.Line(document.RootElement.GetProperty("error").GetProperty("message").GetString() ?? "", 1000);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }
}
