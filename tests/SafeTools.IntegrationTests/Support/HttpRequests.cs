using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace SafeTools.IntegrationTests.Support;

/// <summary>What came for one request.</summary>
internal sealed record Replied(int Status, string? Type, string Body, HttpResponseHeaders Headers)
{
    /// <summary>The last message in it, whether plain or as an event.</summary>
    public JsonObject Message => Messages[^1];

    public IReadOnlyList<JsonObject> Messages => Type == "text/event-stream"
        ? [.. Body.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line => JsonNode.Parse(line["data: ".Length..])!.AsObject())]
        : [JsonNode.Parse(Body)!.AsObject()];

    public int? Error => Message["error"]?["code"]?.GetValue<int>();

    public string? Session => Headers.TryGetValues("Mcp-Session-Id", out var ids) ? ids.Single() : null;
}

/// <summary>Requests of MCP over HTTP, right in every header unless a test says otherwise.</summary>
internal sealed class HttpRequests(Uri url) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = SafeToolsProgram.Patience };

    public HttpClient Http => _http;

    /// <param name="headers">Replace those of the same name; an empty value takes one away.</param>
    public HttpRequestMessage Make(HttpMethod method, string? body, IEnumerable<KeyValuePair<string, string>> headers, string? path = null)
    {
        var request = new HttpRequestMessage(method, path is null ? url : new Uri(url, path));
        var said = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["Accept"] = "application/json, text/event-stream", ["Content-Type"] = "application/json" };
        foreach (var (name, value) in headers)
        {
            said[name] = value;
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        }

        foreach (var (name, value) in said.Where(header => header.Value.Length > 0))
        {
            _ = name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
                ? request.Content?.Headers.TryAddWithoutValidation(name, value)
                : request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    public async Task<Replied> Send(HttpMethod method, string? body, IEnumerable<KeyValuePair<string, string>> headers, string? path = null)
    {
        using var request = Make(method, body, headers, path);
        using var response = await _http.SendAsync(request);
        return new Replied((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync(), response.Headers);
    }

    public Task<Replied> Post(string body, params KeyValuePair<string, string>[] headers) => Send(HttpMethod.Post, body, headers);

    /// <summary>A request that stands alone (2026-07-28).</summary>
    public Task<Replied> Modern(string method, JsonObject? parameters = null, params KeyValuePair<string, string>[] headers)
    {
        var name = (parameters?["name"] ?? parameters?["uri"])?.GetValue<string>();
        return Post(Body(method, parameters), [new("MCP-Protocol-Version", RawSession.Modern), new("Mcp-Method", method), .. name is null ? [] : new[] { KeyValuePair.Create("Mcp-Name", name) }, .. headers]);
    }

    public async Task<JsonObject> Call(string tool, JsonObject arguments, params KeyValuePair<string, string>[] headers) =>
        RawSession.Structured((await Modern("tools/call", new JsonObject { ["name"] = tool, ["arguments"] = arguments }, headers)).Message);

    /// <summary>A session of the older eras; its id.</summary>
    public async Task<string> Begin(string era = "2025-11-25", params KeyValuePair<string, string>[] headers)
    {
        var parameters = new JsonObject
        {
            ["protocolVersion"] = era,
            ["capabilities"] = new JsonObject(),
            ["clientInfo"] = new JsonObject { ["name"] = "raw", ["version"] = "1" },
        };
        var greeted = await Post(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = "initialize", ["params"] = parameters }.ToJsonString(), headers);
        greeted.Status.Should().Be(200, greeted.Body);
        return greeted.Session!;
    }

    public Task<Replied> In(string session, string method, JsonObject? parameters = null, params KeyValuePair<string, string>[] headers) =>
        Post(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 7, ["method"] = method, ["params"] = parameters ?? [] }.ToJsonString(), [new("Mcp-Session-Id", session), .. headers]);

    public static string Body(string method, JsonObject? parameters = null)
    {
        var filled = parameters ?? [];
        filled["_meta"] ??= new JsonObject { ["io.modelcontextprotocol/protocolVersion"] = RawSession.Modern, ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject() };
        return new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 7, ["method"] = method, ["params"] = filled }.ToJsonString();
    }

    public void Dispose() => _http.Dispose();
}
