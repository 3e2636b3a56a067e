using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;
using SafeTools.Server.Http;

namespace SafeTools.IntegrationTests.Http;

/// <summary>Several principals at one endpoint: each has its own tools, sessions and share, and none another's.</summary>
public sealed class CallerTests
{
    private static readonly KeyValuePair<string, string> Local = HostedGround.As("local"), Watcher = HostedGround.As("watcher");

    [Fact]
    public async Task Stranger_IsRefusedBeforeAnythingIsRead()
    {
        await using var ground = await HostedGround.Start(new HttpLimits());
        foreach (var (who, status) in new[] { ("", 401), ("stranger", 403) })
        {
            var replied = await ground.Requests.Post("no JSON", HostedGround.As(who));
            replied.Status.Should().Be(status);
            replied.Message["error"]!["message"]!.GetValue<string>().Should().StartWith("ST1206 ");
            (await ground.Requests.Send(HttpMethod.Get, null, [HostedGround.As(who)])).Status.Should().Be(status);
        }
    }

    [Fact]
    public async Task Tools_OfEachPrincipal_AreItsOwn()
    {
        await using var ground = await HostedGround.Start(new HttpLimits());
        (await Names(ground, Local)).Should().Contain("delete_volume");
        (await Names(ground, Watcher)).Should().Contain("query_staging_db").And.NotContain("delete_volume");
        (await ground.Requests.Modern("tools/call", Delete(), Watcher)).Error.Should().Be(-32602);
        var proposed = await ground.Requests.Call("delete_volume", new JsonObject { ["volume"] = Workspace.Shared }, Local);
        (await ground.Requests.Call("get_proposal", new JsonObject { ["id"] = Id(proposed) }, Watcher))["code"]!.GetValue<string>().Should().Be("ST1401");
    }

    [Fact]
    public async Task Session_OfAnotherPrincipal_LooksLikeNone()
    {
        await using var ground = await HostedGround.Start(new HttpLimits());
        var session = await ground.Requests.Begin(headers: Local);
        var none = await ground.Requests.In("0123456789abcdefghjkmnpqrstvwxyz", "tools/list", null, Watcher);

        var foreign = await ground.Requests.In(session, "tools/call", Delete(), Watcher);
        (foreign.Status, foreign.Body).Should().Be((none.Status, none.Body)).And.Be((404, none.Body));
        (await ground.Requests.Send(HttpMethod.Get, null, [new("Mcp-Session-Id", session), Watcher])).Status.Should().Be(404);
        (await ground.Requests.Send(HttpMethod.Delete, null, [new("Mcp-Session-Id", session), Watcher])).Status.Should().Be(404);
        (await ground.Requests.In(session, "tools/list", null, Local)).Status.Should().Be(200, "it is still there for its own principal");
    }

    [Fact]
    public async Task Sessions_MoreThanAllowed_TakeTheirOwnPrincipalsPlaceAlone()
    {
        await using var ground = await HostedGround.Start(new HttpLimits { SessionsOfOne = 2, Sessions = 3 });
        var (first, second) = (await ground.Requests.Begin(headers: Local), await ground.Requests.Begin(headers: Local));
        await ground.Requests.In(first, "tools/list", null, Local);
        var third = await ground.Requests.Begin(headers: Local);

        (await ground.Requests.In(second, "tools/list", null, Local)).Status.Should().Be(404, "nobody used it for the longest");
        (await ground.Requests.In(first, "tools/list", null, Local)).Status.Should().Be(200);
        (await ground.Requests.In(third, "tools/list", null, Local)).Status.Should().Be(200);
        (await ground.Requests.Begin(headers: Watcher)).Should().NotBeEmpty();
        var full = await ground.Requests.Post("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}""", Watcher);
        full.Status.Should().Be(503, "there are as many as the server takes");
        full.Headers.RetryAfter.Should().NotBeNull();
    }

    [Fact]
    public async Task Session_ThatNobodyUses_Ends()
    {
        await using var ground = await HostedGround.Start(new HttpLimits { IdleSession = TimeSpan.FromMilliseconds(500) });
        var session = await ground.Requests.Begin(headers: Local);
        using var listening = ground.Requests.Make(HttpMethod.Get, null, [new("Mcp-Session-Id", session), Local]);
        using (var stream = await ground.Requests.Http.SendAsync(listening, HttpCompletionOption.ResponseHeadersRead))
        {
            stream.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
            using var second = ground.Requests.Make(HttpMethod.Get, null, [new("Mcp-Session-Id", session), Local]);
            using var refused = await ground.Requests.Http.SendAsync(second, HttpCompletionOption.ResponseHeadersRead);
            ((int)refused.StatusCode).Should().Be(409, "one stream for each session");
        }

        await Eventually.Get(() => Task.FromResult(ground.Sessions), count => count == 0);
        (await ground.Requests.In(session, "tools/list", null, Local)).Status.Should().Be(404);
    }

    [Fact]
    public async Task Requests_MoreThanAllowed_AreToldToWaitAndOthersAreServed()
    {
        await using var ground = await HostedGround.Start(new HttpLimits { RequestsOfOne = 2 });
        var id = Id(await ground.Requests.Call("delete_volume", new JsonObject { ["volume"] = Workspace.Shared }, Local));
        var waiting = Enumerable.Range(0, 2).Select(_ => ground.Requests.Call("get_proposal", new JsonObject { ["id"] = id, ["wait_seconds"] = 49 }, Local)).ToArray();

        var refused = await Eventually.Get(() => ground.Requests.Modern("tools/list", null, Local), replied => replied.Status == 429);
        refused.Headers.RetryAfter.Should().NotBeNull();
        refused.Message["error"]!["message"]!.GetValue<string>().Should().StartWith("ST1207 ");
        (await ground.Requests.Modern("tools/list", null, Watcher)).Status.Should().Be(200, "one principal's flood is its own");

        (await ground.Human.Decide(id, Verdict.Reject)).Refusal.Should().BeNull();
        (await Task.WhenAll(waiting)).Should().OnlyContain(answer => answer["outcome"]!.GetValue<string>() == "failed");
        (await ground.Requests.Modern("tools/list", null, Local)).Status.Should().Be(200);
    }

    [Fact]
    public async Task Id_OfARequestThatWaits_IsNotTakenTwiceInASession()
    {
        await using var ground = await HostedGround.Start(new HttpLimits());
        var (session, other) = (await ground.Requests.Begin(headers: Local), await ground.Requests.Begin(headers: Local));
        var id = Id(await ground.Requests.Call("delete_volume", new JsonObject { ["volume"] = Workspace.Shared }, Local));
        var wait = new JsonObject { ["name"] = "get_proposal", ["arguments"] = new JsonObject { ["id"] = id, ["wait_seconds"] = 49 } };
        var waiting = ground.Requests.In(session, "tools/call", wait, Local);
        await Eventually.Get(() => Task.FromResult(ground.Working), count => count == 1);

        (await ground.Requests.In(session, "ping", null, Local)).Error.Should().Be(-32600);
        (await ground.Requests.In(other, "ping", null, Local)).Status.Should().Be(200, "in another session it is another request");
        (await ground.Human.Decide(id, Verdict.Reject)).Refusal.Should().BeNull();
        (await waiting).Status.Should().Be(200);
        (await ground.Requests.In(session, "ping", null, Local)).Status.Should().Be(200);
    }

    [Fact]
    public async Task Listen_InTheModernEra_HearsOfANewPolicyAndIsBounded()
    {
        await using var ground = await HostedGround.Start(new HttpLimits { StreamsOfOne = 1 });
        var listen = new JsonObject { ["notifications"] = new JsonObject { ["toolsListChanged"] = true } };
        KeyValuePair<string, string>[] headers = [new("MCP-Protocol-Version", RawSession.Modern), new("Mcp-Method", "subscriptions/listen"), Local];
        var body = HttpRequests.Body("subscriptions/listen", listen);
        using var request = ground.Requests.Make(HttpMethod.Post, body, headers);
        using var response = await ground.Requests.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.Content.Headers.ContentType!.MediaType.Should().Be("text/event-stream");
        (await ground.Requests.Post(body, headers)).Status.Should().Be(429);

        ground.Workspace.Edit("- delete_volume@production", "- delete_volume@production\n      - purge_volume@production");
        (await ground.Human.Accept()).Should().BeNull();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        using var patience = new CancellationTokenSource(SafeToolsProgram.Patience);
        var heard = new List<string>();
        while (heard.Count == 0 || !heard[^1].Contains("notifications/tools/list_changed", StringComparison.Ordinal))
        {
            heard.Add(await reader.ReadLineAsync(patience.Token) ?? throw new EndOfStreamException(string.Join('\n', heard)));
        }

        heard.Should().Contain(line => line.Contains("notifications/subscriptions/acknowledged", StringComparison.Ordinal));
        (await Names(ground, Local)).Should().Contain("purge_volume");
    }

    private static JsonObject Delete() => new() { ["name"] = "delete_volume", ["arguments"] = new JsonObject { ["volume"] = Workspace.Shared } };

    private static string Id(JsonObject proposed) => proposed["action"]!["id"]!.GetValue<string>();

    private static async Task<string[]> Names(HostedGround ground, KeyValuePair<string, string> who) =>
        [.. (await ground.Requests.Modern("tools/list", null, who)).Message["result"]!["tools"]!.AsArray().Select(tool => tool!["name"]!.GetValue<string>())];
}
