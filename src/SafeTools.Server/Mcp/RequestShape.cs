using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace SafeTools.Server.Mcp;

/// <summary>
/// Whether a request's parameters can be read at all. The SDK finds out later and answers an internal error; they are the sender's fault
/// and are answered as such (JSON-RPC 2.0 §5.1, -32602).
/// </summary>
internal static class RequestShape
{
    public static bool Fits(JsonRpcRequest request)
    {
        try
        {
            return request.Method switch
            {
                RequestMethods.Initialize => Read<InitializeRequestParams>(request.Params) is not null,
                RequestMethods.ToolsList => request.Params is null || Read<ListToolsRequestParams>(request.Params) is not null,
                RequestMethods.ToolsCall => Read<CallToolRequestParams>(request.Params) is { Name: not null } call && IsToken(call.Meta?["progressToken"]),
                _ => request.Params is null or JsonObject,
            };
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException)
        {
            return false;
        }
    }

    private static T? Read<T>(JsonNode? parameters) => parameters is JsonObject ? parameters.Deserialize((JsonTypeInfo<T>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(T))) : default;

    private static bool IsToken(JsonNode? token) => token is null || token is JsonValue value && (value.TryGetValue<string>(out _) || value.TryGetValue<long>(out _));
}
