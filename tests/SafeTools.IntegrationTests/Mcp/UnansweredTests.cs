using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Mcp;

/// <summary>Requests that wait for their answers are bounded, and each has an id of its own.</summary>
public sealed class UnansweredTests : IDisposable
{
    private readonly Workspace _workspace = Workspace.Create();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Id_OfARequestThatWaits_IsNotTakenAgain()
    {
        using var human = await Human.Genesis(_workspace);
        await using var session = await RawSession.Open(_workspace);
        var asked = (await session.Call("delete_volume", new JsonObject { ["volume"] = Workspace.Shared }))["action"]!["id"]!.GetValue<string>();
        var waiting = """{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"get_proposal","arguments":{"id":"ASKED","wait_seconds":3}}}"""
            .Replace("ASKED", asked, StringComparison.Ordinal);
        await session.SendLine(waiting);
        await session.SendLine(waiting);

        var refused = await session.Answer(7);
        refused["error"]!["code"]!.GetValue<int>().Should().Be(-32600);
        (await session.Heard(message => message["id"]?.ToJsonString() == "7" && message["result"] is not null))["result"]!["structuredContent"]!["outcome"]!.GetValue<string>().Should().Be("proposed");
    }

    [Fact]
    public async Task Requests_MoreThanMayWait_AreTurnedAwayAndTheRestAnswered()
    {
        using var human = await Human.Genesis(_workspace);
        await using var session = await RawSession.Open(_workspace);
        var asked = (await session.Call("delete_volume", new JsonObject { ["volume"] = Workspace.Shared }))["action"]!["id"]!.GetValue<string>();
        var ids = new List<long>();
        for (var request = 0; request < 140; request++)
        {
            ids.Add(await session.Begin("tools/call", new JsonObject { ["name"] = "get_proposal", ["arguments"] = new JsonObject { ["id"] = asked, ["wait_seconds"] = 5 } }));
        }

        var answers = await Task.WhenAll(ids.Select(session.Answer));
        answers.Count(answer => answer["error"]?["code"]?.GetValue<int>() == -32000).Should().Be(140 - 128);
        answers.Count(answer => answer["result"] is not null).Should().Be(128);
    }
}
