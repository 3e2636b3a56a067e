using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace SafeTools.Server.Mcp;

/// <summary>
/// What a client sent, read strictly: one JSON object, at most <see cref="DeepestLevel"/> levels, no key twice, one JSON-RPC 2.0 message whose
/// parameters its method takes. The same over every transport, so that two readers of one message never disagree about it.
/// </summary>
/// <param name="Id">Of the request, as far as it can be read.</param>
/// <param name="Message">Null where it is none.</param>
/// <param name="Fault">A JSON-RPC 2.0 §5.1 error, where it goes no further.</param>
internal sealed record IncomingMessage(RequestId? Id, JsonRpcMessage? Message, (int Code, string Words)? Fault)
{
    public const int DeepestLevel = 64;

    private const int NotJson = -32700, NotAMessage = -32600, WrongParameters = -32602;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = DeepestLevel, AllowDuplicateProperties = false };

    public static JsonTypeInfo<JsonRpcMessage> Type { get; } = (JsonTypeInfo<JsonRpcMessage>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonRpcMessage));

    public static IncomingMessage Read(ReadOnlySequence<byte> bytes)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes, Strict);
        }
        catch (JsonException)
        {
            return new IncomingMessage(null, null, (NotJson, $"Not clean JSON: one JSON object, at most {DeepestLevel} levels, no key twice."));
        }

        using (document)
        {
            return Read(document.RootElement);
        }
    }

    private static IncomingMessage Read(JsonElement root)
    {
        RequestId? id = null;
        JsonRpcMessage? message = null;
        try
        {
            id = IdOf(root);
            message = root.ValueKind == JsonValueKind.Object ? root.Deserialize(Type) : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // No JSON-RPC 2.0, or broken Unicode: the same to whoever sent it.
        }

        return message is null ? new IncomingMessage(id, null, (NotAMessage, "Not a JSON-RPC 2.0 message."))
            : message is JsonRpcRequest request && !RequestShape.Fits(request) ? new IncomingMessage(id, message, (WrongParameters, "The parameters are not what the method takes, or hold broken Unicode."))
            : new IncomingMessage(id, message, null);
    }

    private static RequestId? IdOf(JsonElement root) => root.ValueKind == JsonValueKind.Object && root.TryGetProperty("id", out var id)
        ? id.ValueKind switch
        {
            JsonValueKind.String => new RequestId(id.GetString()!),
            JsonValueKind.Number when id.TryGetInt64(out var number) => new RequestId(number),
            _ => null,
        }
        : null;

    /// <summary>The request that a <c>notifications/cancelled</c> is about; null where it cannot be read.</summary>
    public static RequestId? Cancelled(JsonRpcMessage message) =>
        message is JsonRpcNotification { Method: NotificationMethods.CancelledNotification, Params: JsonObject cancelled } ? IdOf(cancelled["requestId"]) : null;

    private static RequestId? IdOf(JsonNode? id) => id is not JsonValue value ? null
        : value.TryGetValue<string>(out var text) ? new RequestId(text)
        : value.TryGetValue<long>(out var number) ? new RequestId(number)
        : null;
}
