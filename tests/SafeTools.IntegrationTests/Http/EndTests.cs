using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;
using SafeTools.Server.Http;

namespace SafeTools.IntegrationTests.Http;

/// <summary>A server that is asked to stop, or that is gone.</summary>
public sealed class EndTests
{
    private static readonly KeyValuePair<string, string> Local = HostedGround.As("local");

    [Fact]
    public async Task Stop_WithACallUnderWay_AnswersItAndTakesNoOther()
    {
        await using var ground = await HostedGround.Start(new HttpLimits { Drain = SafeToolsProgram.Patience });
        var id = (await ground.Requests.Call("delete_volume", new JsonObject { ["volume"] = Workspace.Shared }, Local))["action"]!["id"]!.GetValue<string>();
        var waiting = ground.Requests.Call("get_proposal", new JsonObject { ["id"] = id, ["wait_seconds"] = 49 }, Local);
        await Eventually.Get(() => Task.FromResult(ground.Working), count => count == 1);
        (await Ready(ground.Requests)).Should().Be(204);
        var stopping = ground.Stop();

        await Eventually.Get(() => Ready(ground.Requests), status => status == 503);
        var refused = await ground.Requests.Modern("tools/list", null, Local);
        refused.Status.Should().Be(503);
        refused.Headers.RetryAfter.Should().NotBeNull();
        (await ground.Requests.Send(HttpMethod.Get, null, [], "/health/live")).Status.Should().Be(204, "it lives until it is done");
        stopping.IsCompleted.Should().BeFalse();
        (await ground.Human.Decide(id, Verdict.Reject)).Refusal.Should().BeNull();
        (await waiting)["outcome"]!.GetValue<string>().Should().Be("failed", "what was under way is answered");
        await stopping;
    }

    [Fact]
    public async Task Terminate_WithACallUnderWay_AnswersItAndExitsWith0()
    {
        using var workspace = Workspace.Create();
        using var human = await Human.Genesis(workspace);
        await using var server = await HttpServer.Start(workspace);
        var id = (await server.Requests.Call("delete_volume", new JsonObject { ["volume"] = Workspace.Shared }))["action"]!["id"]!.GetValue<string>();
        var waiting = server.Requests.Call("get_proposal", new JsonObject { ["id"] = id, ["wait_seconds"] = 6 });
        for (var look = 0; look < 30; look++)
        {
            // By then the call that was sent before is under way.
            (await Ready(server.Requests)).Should().Be(204);
        }

        server.Terminate();

        await Eventually.Get(() => Ready(server.Requests), status => status == 503);
        (await waiting)["outcome"]!.GetValue<string>().Should().Be("proposed", "what was under way is answered");
        (await server.Exit()).Should().Be(0);
    }

    [Fact]
    public async Task Stop_WithACallThatTakesTooLong_TellsIt()
    {
        await using var ground = await HostedGround.Start(new HttpLimits { Drain = TimeSpan.FromSeconds(1) });
        var id = (await ground.Requests.Call("delete_volume", new JsonObject { ["volume"] = Workspace.Shared }, Local))["action"]!["id"]!.GetValue<string>();
        var wait = new JsonObject { ["name"] = "get_proposal", ["arguments"] = new JsonObject { ["id"] = id, ["wait_seconds"] = 49 } };
        var session = await ground.Requests.Begin(headers: Local);
        var modern = ground.Requests.Modern("tools/call", wait.DeepClone().AsObject(), Local);
        var legacy = ground.Requests.In(session, "tools/call", wait, Local);
        await Eventually.Get(() => Task.FromResult(ground.Working), count => count == 2);
        await ground.Stop();

        foreach (var replied in new[] { await modern, await legacy })
        {
            replied.Status.Should().Be(503, replied.Body);
            replied.Message["id"]!.GetValue<int>().Should().Be(7);
            replied.Message["error"]!["message"]!.GetValue<string>().Should().Contain("given up before it was answered").And.Contain("list_proposals");
        }
    }

    [Fact]
    public async Task Server_StartedAnew_KnowsNoOldSessionsAndServesOnAtTheSameAddress()
    {
        using var workspace = Workspace.Create();
        using var human = await Human.Genesis(workspace);
        var first = await HttpServer.Start(workspace);
        await using var _ = first;
        var session = await first.Requests.Begin();
        await using var agent = first.Connect();
        await agent.Greet("2025-11-25");
        await first.Kill();

        await using var second = await HttpServer.Start(workspace, first.Url.Port);
        (await second.Requests.In(session, "tools/list")).Status.Should().Be(404);
        (await second.Requests.Call("describe_access", []))["outcome"]!.GetValue<string>().Should().Be("executed");
        await agent.SendLine("""{"jsonrpc":"2.0","id":5,"method":"tools/list"}""");
        (await agent.Exit()).Should().Be(1);
        agent.StandardError.Should().Contain("does not know this session any more");
    }

    private static async Task<int> Ready(HttpRequests requests) => (await requests.Send(HttpMethod.Get, null, [], "/health/ready")).Status;
}
