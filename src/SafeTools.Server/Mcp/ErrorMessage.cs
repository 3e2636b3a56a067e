using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace SafeTools.Server.Mcp;

/// <summary>A JSON-RPC 2.0 §5.1 error as it goes out where the SDK is not asked.</summary>
internal static class ErrorMessage
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="id">Null where the message had none that can be read.</param>
    public static void Write(IBufferWriter<byte> output, RequestId? id, int code, string words, JsonNode? data = null)
    {
        using var json = new Utf8JsonWriter(output, Plain);
        json.WriteStartObject();
        json.WriteString("jsonrpc", "2.0");
        switch (id?.Id)
        {
            case string text:
                json.WriteString("id", text);
                break;
            case long number:
                json.WriteNumber("id", number);
                break;
            default:
                json.WriteNull("id");
                break;
        }

        json.WriteStartObject("error");
        json.WriteNumber("code", code);
        json.WriteString("message", words);
        if (data is not null)
        {
            json.WritePropertyName("data");
            data.WriteTo(json);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
