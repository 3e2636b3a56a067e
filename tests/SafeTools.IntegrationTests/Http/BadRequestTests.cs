using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Http;

/// <summary>Whatever comes over HTTP: one clear status and error, no change, nothing let slip, and the next request is served.</summary>
public sealed class BadRequestTests(HttpFixture fixture) : IClassFixture<HttpFixture>
{
    private const int Server = -32000, NoSession = -32001, Mismatch = -32020, UnknownVersion = -32022, ParseError = -32700, InvalidRequest = -32600, UnknownMethod = -32601, InvalidParams = -32602;

    private const string Legacy = """{"jsonrpc":"2.0","id":7,"method":"tools/list"}""";

    /// <summary>Of the modern era, right but for what is named: what, method of HTTP, path, headers over the right ones, body, status, code.</summary>
    public static TheoryData<string, string, string, string, string, int, int> Requests => new()
    {
        { "a forged Host", "POST", "/mcp", "Host: evil.example", Call, 403, Server },
        { "a forged Host with the right port", "POST", "/mcp", "Host: evil.example:80", Call, 403, Server },
        { "a page elsewhere", "POST", "/mcp", "Origin: https://evil.example", Call, 403, Server },
        { "a page on another port of this machine", "POST", "/mcp", "Origin: http://127.0.0.1:1", Call, 403, Server },
        { "a page without an origin", "POST", "/mcp", "Origin: null", Call, 403, Server },
        { "a forged Host on the health page", "GET", "/health/ready", "Host: evil.example", "", 403, Server },
        { "another path", "POST", "/", "", Call, 404, Server },
        { "a path below", "POST", "/mcp/x", "", Call, 404, Server },
        { "another method of HTTP", "PUT", "/mcp", "", Call, 405, Server },
        { "a browser's question before it asks", "OPTIONS", "/mcp", "Access-Control-Request-Method: POST", "", 405, Server },
        { "a stream in an era that has none", "GET", "/mcp", "", "", 405, Server },
        { "an end of a session in an era that has none", "DELETE", "/mcp", "", "", 405, Server },
        { "a stream without a session", "GET", "/mcp", "MCP-Protocol-Version: 2025-11-25", "", 400, Server },
        { "a stream that goes on where another ended", "GET", "/mcp", "MCP-Protocol-Version: 2025-11-25|Last-Event-ID: 1", "", 400, Server },
        { "a client that takes JSON alone", "POST", "/mcp", "Accept: application/json", Call, 406, Server },
        { "a client that takes anything else", "POST", "/mcp", "Accept: text/html", Call, 406, Server },
        { "a form", "POST", "/mcp", "Content-Type: application/x-www-form-urlencoded", Call, 415, Server },
        { "plain text, as a page may send it unasked", "POST", "/mcp", "Content-Type: text/plain", Call, 415, Server },
        { "a compressed body", "POST", "/mcp", "Content-Encoding: gzip", Call, 415, Server },
        { "a body over 1 MiB", "POST", "/mcp", "", HttpRequests.Body("tools/list", new JsonObject { ["a"] = new string('a', 1024 * 1024) }), 413, Server },
        { "no body", "POST", "/mcp", "", "", 400, ParseError },
        { "a body cut off", "POST", "/mcp", "", """{"jsonrpc":"2.0","id":7""", 400, ParseError },
        { "a key twice", "POST", "/mcp", "", """{"jsonrpc":"2.0","id":7,"method":"ping","method":"tools/list"}""", 400, ParseError },
        { "too many levels", "POST", "/mcp", "", $$$"""{"jsonrpc":"2.0","id":7,"method":"tools/list","params":{"a":{{{new string('[', 100)}}}{{{new string(']', 100)}}}}}""", 400, ParseError },
        { "a batch", "POST", "/mcp", "", $"[{Call}]", 400, InvalidRequest },
        { "no JSON-RPC", "POST", "/mcp", "", """{"id":7,"method":"tools/list"}""", 400, InvalidRequest },
        { "parameters in a list", "POST", "/mcp", "", """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":[]}""", 400, InvalidParams },
        { "a version that does not exist", "POST", "/mcp", "MCP-Protocol-Version: 1999-01-01", Call, 400, UnknownVersion },
        { "two versions", "POST", "/mcp", "MCP-Protocol-Version: 2026-07-28, 2025-11-25", Call, 400, UnknownVersion },
        { "no version beside a body that has one", "POST", "/mcp", "MCP-Protocol-Version: ", Call, 400, Mismatch },
        { "an older version beside a modern body", "POST", "/mcp", "MCP-Protocol-Version: 2025-11-25", Call, 400, Mismatch },
        { "no Mcp-Method", "POST", "/mcp", "Mcp-Method: ", Call, 400, Mismatch },
        { "another Mcp-Method", "POST", "/mcp", "Mcp-Method: tools/list", Call, 400, Mismatch },
        { "no Mcp-Name", "POST", "/mcp", "Mcp-Name: ", Call, 400, Mismatch },
        { "a harmless Mcp-Name before a dangerous tool", "POST", "/mcp", "Mcp-Name: list_volumes", HttpRequests.Body("tools/call", new JsonObject { ["name"] = "delete_volume", ["arguments"] = new JsonObject { ["volume"] = Workspace.Shared } }), 400, Mismatch },
        { "a Mcp-Name that is no Base64", "POST", "/mcp", "Mcp-Name: =?base64?!!!?=", Call, 400, Mismatch },
        { "a body without a version", "POST", "/mcp", "", """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"describe_access","arguments":{},"_meta":{}}}""", 400, InvalidParams },
        { "a body without capabilities", "POST", "/mcp", "", """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"describe_access","arguments":{},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}""", 400, InvalidParams },
        { "an unknown method", "POST", "/mcp", "Mcp-Method: tools/approve|Mcp-Name: ", HttpRequests.Body("tools/approve"), 404, UnknownMethod },
        { "a method of older eras", "POST", "/mcp", "Mcp-Method: ping|Mcp-Name: ", HttpRequests.Body("ping"), 404, UnknownMethod },
        { "a request without a session in an older era", "POST", "/mcp", "MCP-Protocol-Version: 2025-11-25", Legacy, 400, Server },
        { "a session that never was", "POST", "/mcp", "MCP-Protocol-Version: 2025-11-25|Mcp-Session-Id: abc", Legacy, 404, NoSession },
        { "an end of a session that never was", "DELETE", "/mcp", "MCP-Protocol-Version: 2025-11-25|Mcp-Session-Id: abc", "", 404, NoSession },
        { "a greeting in two versions", "POST", "/mcp", "MCP-Protocol-Version: 2025-06-18", """{"jsonrpc":"2.0","id":7,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}""", 400, Mismatch },
    };

    private static string Call => HttpRequests.Body("tools/call", new JsonObject { ["name"] = "describe_access", ["arguments"] = new JsonObject() });

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Request_Bad_IsAnsweredWithOneErrorAndChangesNothing(string what, string method, string path, string headers, string body, int status, int code)
    {
        var right = new Dictionary<string, string> { ["MCP-Protocol-Version"] = RawSession.Modern, ["Mcp-Method"] = "tools/call", ["Mcp-Name"] = "describe_access" };
        var said = headers.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(header => KeyValuePair.Create(header[..header.IndexOf(':')], header[(header.IndexOf(':') + 1)..].Trim()));

        var replied = await fixture.Server.Requests.Send(new HttpMethod(method), method is "POST" or "PUT" ? body : null, right.Concat(said), path);

        replied.Status.Should().Be(status, $"{what}: {replied.Body}");
        replied.Type.Should().Be("application/json");
        replied.Error.Should().Be(code, $"{what}: {replied.Body}");
        replied.Body.Should().NotContain(fixture.Workspace.Folder).And.NotContain("Exception").And.NotContain(" at SafeTools").And.NotContain("evil");
        replied.Headers.Contains("Server").Should().BeFalse("nobody needs to know what it is made of");
        await fixture.Unharmed();
    }

    [Fact]
    public async Task Get_OfAnyAddress_WritesNothingDown()
    {
        await fixture.Unharmed();
        var before = (await fixture.Workspace.Audit()).Count;
        foreach (var path in new[] { "/mcp", "/mcp?approve=act-000000000000", "/approve/act-000000000000", "/", "/health/live", "/health/ready", "/favicon.ico" })
        {
            await fixture.Server.Requests.Send(HttpMethod.Get, null, [], path);
        }

        (await fixture.Workspace.Audit()).Count.Should().Be(before);
    }

    [Fact]
    public async Task Reply_WhereNothingStreams_IsPlainJsonInEitherEra()
    {
        (await fixture.Server.Requests.Modern("tools/list")).Type.Should().Be("application/json");
        var session = await fixture.Server.Requests.Begin();
        (await fixture.Server.Requests.In(session, "tools/list")).Type.Should().Be("application/json");
        (await fixture.Server.Requests.Send(HttpMethod.Delete, null, [new("Mcp-Session-Id", session)])).Status.Should().Be(204);
        (await fixture.Server.Requests.In(session, "tools/list")).Status.Should().Be(404, "it was ended");
    }

    [Fact]
    public async Task Origin_OfTheServerItself_IsTaken()
    {
        var own = fixture.Server.Url.GetLeftPart(UriPartial.Authority);
        (await fixture.Server.Requests.Modern("tools/list", null, new KeyValuePair<string, string>("Origin", own))).Status.Should().Be(200);
    }
}
