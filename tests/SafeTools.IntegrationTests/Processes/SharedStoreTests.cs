using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Processes;

/// <summary>Several servers on one store, some of which die (DESIGN §8, promise 6).</summary>
public sealed class SharedStoreTests : IAsyncLifetime
{
    private readonly Workspace _workspace = Workspace.Create();
    private Human _human = null!;

    public async Task InitializeAsync() => _human = await Human.Genesis(_workspace);

    public Task DisposeAsync()
    {
        _human.Dispose();
        _workspace.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Approval_SeenByThreeServers_ExecutesOnce()
    {
        await using var first = await RawSession.Open(_workspace);
        await using var second = await RawSession.Open(_workspace);
        await using var third = await RawSession.Open(_workspace, RawSession.Modern);
        var id = await Ask(first);
        (await Ask(second)).Should().Be(id, "the same request is the same proposal in every process");

        await _human.Approve(id);
        (await _workspace.Ended(id)).Status.Should().Be(ActionStatus.Succeeded);
        foreach (var session in new[] { first, second, third })
        {
            (await session.HangUp()).Should().Be(0);
        }

        _workspace.Quarantined().Should().Be(1);
        var audit = await _workspace.Audit();
        audit.Count(entry => entry.Kind == "action.claimed" && entry.ActionId == id).Should().Be(1);
        audit.Count(entry => entry.Kind == "action.ended" && entry.ActionId == id).Should().Be(1);
        (await _workspace.Run("audit", "verify")).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task Approval_WhoseServerWasKilled_IsExecutedByTheNext()
    {
        string id;
        await using (var first = await RawSession.Open(_workspace))
        {
            id = await Ask(first);
            await first.Kill();
        }

        await _human.Approve(id);
        (await _workspace.Action(id)).Status.Should().Be(ActionStatus.Approved);
        await using var next = await RawSession.Open(_workspace);

        (await _workspace.Ended(id)).Status.Should().Be(ActionStatus.Succeeded);
        _workspace.Quarantined().Should().Be(1);
    }

    [Fact]
    public async Task Snapshot_WhoseServerWasKilledInTheMiddle_EndsAsFailedAndCountsForNothing()
    {
        using (var big = File.Create(Path.Combine(_workspace.Volume(Workspace.Staging), "big.bin")))
        {
            big.SetLength(2L * 1024 * 1024 * 1024);
        }

        string id;
        await using (var first = await RawSession.Open(_workspace))
        {
            await first.Begin("tools/call", new JsonObject { ["name"] = "snapshot_scratch_volume", ["arguments"] = new JsonObject { ["volume"] = Workspace.Staging } }, progressToken: 1);
            await first.Notification("notifications/progress");
            await first.Kill();
            var action = (await _workspace.Actions()).Single();
            action.Status.Should().Be(ActionStatus.Executing);
            id = action.Id;
        }

        await using var next = await RawSession.Open(_workspace);
        (await _workspace.Ended(id)).Status.Should().Be(ActionStatus.Failed);
        var seen = await next.Call("get_proposal", new JsonObject { ["id"] = id });
        seen["outcome"]!.GetValue<string>().Should().Be("failed");
        seen["action"]!["status"]!.GetValue<string>().Should().Be("failed");
        var volume = await next.Call("describe_volume", new JsonObject { ["volume"] = Workspace.Staging });
        volume["data"]!["recovery_points"]!.AsArray().Should().BeEmpty("what is half made protects nothing");
        (await _workspace.Audit()).Count(entry => entry.Kind == "action.ended" && entry.ActionId == id).Should().Be(1);
    }

    [Fact]
    public async Task Verbs_BesideABusyServer_AllGetTheirTurn()
    {
        await using var agent = await RawSession.Open(_workspace);
        var calls = Enumerable.Range(0, 20).Select(_ => agent.Call("app_settings", new JsonObject { ["prefix"] = "" })).ToArray();
        var verbs = await Task.WhenAll(_workspace.Run("audit", "tail"), _workspace.Run("proposals", "list"), _workspace.Run("freeze", "watcher"));

        verbs.Should().OnlyContain(ended => ended.ExitCode == 0);
        (await Task.WhenAll(calls)).Should().OnlyContain(answer => answer["outcome"]!.GetValue<string>() == "executed");
        (await _workspace.Audit()).Count(entry => entry.Kind == "read.answered").Should().Be(20);
    }

    private static async Task<string> Ask(RawSession session) =>
        (await session.Call("delete_scratch_volume", new JsonObject { ["volume"] = Workspace.Staging }))["action"]!["id"]!.GetValue<string>();
}
