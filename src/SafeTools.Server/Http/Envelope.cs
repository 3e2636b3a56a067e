using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SafeTools.Server.Http;

/// <summary>
/// Whether headers and body of a request say the same (MCP 2026-07-28, Streamable HTTP): proxies go by the headers, tools by the body, and nobody
/// may tell them two things. Pure.
/// </summary>
internal static class Envelope
{
    public const string MethodHeader = "Mcp-Method", NameHeader = "Mcp-Name";

    /// <summary>Methods of the older eras that this one has not.</summary>
    private static readonly string[] Gone =
        [RequestMethods.Initialize, RequestMethods.Ping, "logging/setLevel", RequestMethods.ResourcesSubscribe, RequestMethods.ResourcesUnsubscribe];

    /// <summary>Null: they agree, or the message is of an older era, whose headers say nothing.</summary>
    public static HttpRejection? Refuse(IHeaderDictionary headers, string version, JsonRpcMessage message, McpServerOptions options)
    {
        var (method, parameters) = message switch
        {
            JsonRpcRequest request => (request.Method, request.Params as JsonObject),
            JsonRpcNotification notification => (notification.Method, notification.Params as JsonObject),
            _ => (null, null),
        };
        if (method is null)
        {
            return null;
        }

        var meta = parameters?["_meta"] as JsonObject;
        var inBody = Text(meta?[MetaKeys.ProtocolVersion]);
        return Versions.IsModern(version) || (inBody is not null && Versions.IsModern(inBody))
            ? Version(version, inBody, message is JsonRpcRequest)
                ?? Method(headers, method)
                ?? (message is JsonRpcRequest ? Request(method, meta) : null)
                ?? Name(headers, method, parameters, options)
            : Handshake(version, method, parameters);
    }

    /// <summary>A method of the older eras alone.</summary>
    public static HttpRejection? RefuseGone(string method) =>
        Gone.Contains(method, StringComparer.Ordinal) ? HttpRejection.NoSuchMethod($"This method is not in version {Versions.Modern}.") : null;

    /// <summary>The parameter that <see cref="NameHeader"/> repeats; null for methods that have none.</summary>
    public static string? NameKey(string method) => method switch
    {
        RequestMethods.ToolsCall or RequestMethods.PromptsGet => "name",
        RequestMethods.ResourcesRead => "uri",
        _ => null,
    };

    /// <summary>A client that greets in one version and asks for another.</summary>
    private static HttpRejection? Handshake(string version, string method, JsonObject? parameters) =>
        method == RequestMethods.Initialize && version.Length > 0 && Text(parameters?["protocolVersion"]) is { } asked && asked != version
            ? HttpRejection.Mismatch($"{Versions.Header} is not the body's protocolVersion.")
            : null;

    private static HttpRejection? Version(string version, string? inBody, bool isRequest) =>
        version.Length == 0 ? HttpRejection.Mismatch($"{Versions.Header} is missing.")
        : inBody is null && isRequest ? HttpRejection.Invalid($"_meta has no {MetaKeys.ProtocolVersion}.")
        : inBody is not null && inBody != version ? HttpRejection.Mismatch($"{Versions.Header} is not the version in the body's _meta.")
        : null;

    private static HttpRejection? Method(IHeaderDictionary headers, string method) => HeaderValue.Refuse(headers, MethodHeader, method, isNumber: false);

    private static HttpRejection? Request(string method, JsonObject? meta) =>
        meta?[MetaKeys.ClientCapabilities] is not JsonObject ? HttpRejection.Invalid($"_meta has no {MetaKeys.ClientCapabilities}.")
        : RefuseGone(method);

    private static HttpRejection? Name(IHeaderDictionary headers, string method, JsonObject? parameters, McpServerOptions options)
    {
        if (NameKey(method) is not { } key)
        {
            return null;
        }

        var name = Text(parameters?[key]);
        return HeaderValue.Refuse(headers, NameHeader, name, isNumber: false)
            ?? (method == RequestMethods.ToolsCall && name is not null && options.ToolCollection?.TryGetPrimitive(name, out var tool) == true
                ? ParameterHeaders.Refuse(headers, tool.ProtocolTool.InputSchema, parameters?["arguments"] as JsonObject)
                : null);
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
