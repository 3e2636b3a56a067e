using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Mcp;

/// <summary>What a running server shows before, at and after a policy's acceptance in another process (DESIGN §3).</summary>
public sealed class PolicyChangeTests : IDisposable
{
    private readonly Workspace _workspace = Workspace.Create();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Server_BeforeTheFirstAccept_OffersReadsOnly()
    {
        await using var session = await RawSession.Open(_workspace);
        (await session.Tools()).Where(tool => tool!["title"]!.GetValue<string>().StartsWith('[')).Should().OnlyContain(tool => tool!["title"]!.GetValue<string>().Contains("· read]"));
        (await session.ToolNames()).Should().Contain("describe_volume").And.NotContain("delete_volume");

        var delete = await session.CallRaw("delete_volume", new JsonObject { ["volume"] = Workspace.Shared });
        delete["error"]!["code"]!.GetValue<int>().Should().Be(-32602);
        (await session.Call("query_staging_db", new JsonObject { ["sql"] = "select 1" }))["outcome"]!.GetValue<string>().Should().Be("executed");
        session.StandardError.Should().Contain("No policy is accepted yet");
    }

    [Fact]
    public async Task Accept_InAnotherProcess_AnnouncesAndServesTheNewToolAndTakesTheOldAway()
    {
        using var human = await Human.Genesis(_workspace);
        await using var session = await RawSession.Open(_workspace);
        (await session.CallRaw("purge_volume", []))["error"].Should().NotBeNull();
        await session.Call("app_settings", new JsonObject { ["prefix"] = "" });

        _workspace.Edit("- delete_volume@production", "- delete_volume@production\n      - purge_volume@production");
        _workspace.Edit("      - delete_scratch_volume@staging\n", "");
        (await session.ToolNames()).Should().NotContain("purge_volume", "files alone change nothing");
        var heard = session.Lines.Count;
        (await human.Accept()).Should().BeNull();

        await session.Notification("notifications/tools/list_changed", heard);
        (await Eventually.Get(session.ToolNames, names => names.Contains("purge_volume"))).Should().NotContain("delete_scratch_volume");
        (await session.Call("purge_volume", new JsonObject { ["entry"] = "act-000000000000" }))["outcome"]!.GetValue<string>().Should().Be("refused", "it is called, and finds nothing");
        (await session.CallRaw("delete_scratch_volume", new JsonObject { ["volume"] = Workspace.Staging }))["error"]!["code"]!.GetValue<int>().Should().Be(-32602);
    }

    [Fact]
    public async Task RemovedGrant_Accepted_IsUnknownToTheVeryNextCall()
    {
        using var human = await Human.Genesis(_workspace);
        await using var session = await RawSession.Open(_workspace);
        _workspace.Edit("      - delete_volume@production\n", "");
        (await human.Accept()).Should().BeNull();

        // No waiting here: the call itself reads what holds, whatever the list shows.
        (await session.CallRaw("delete_volume", new JsonObject { ["volume"] = Workspace.Shared }))["error"]!["code"]!.GetValue<int>().Should().Be(-32602);
    }

    [Fact]
    public async Task FilesChanged_Unaccepted_AreSaidOnceOnStandardErrorAndInTheAudit()
    {
        using var human = await Human.Genesis(_workspace);
        await using var session = await RawSession.Open(_workspace);
        _workspace.Edit("read:*@staging\n      - read:*@production", "read:*@staging\n      - restore_volume@production\n      - read:*@production");

        await Eventually.Get(_workspace.Audit, entries => entries.Any(entry => entry.Kind == "policy.waiting"));
        (await session.ToolNames()).Should().NotContain("restore_volume");
        await session.HangUp();
        session.StandardError.Should().Contain("The files differ from the accepted policy. Policy 1 is served on until a human runs: safetools accept");
    }

    [Fact]
    public async Task Subscription_InTheModernEra_HearsOfANewPolicy()
    {
        using var human = await Human.Genesis(_workspace);
        await using var session = await RawSession.Open(_workspace, RawSession.Modern);
        await session.Begin("subscriptions/listen", new JsonObject { ["notifications"] = new JsonObject { ["toolsListChanged"] = true } });
        await session.ToolNames();
        _workspace.Edit("- delete_volume@production", "- delete_volume@production\n      - purge_volume@production");
        (await human.Accept()).Should().BeNull();

        await session.Notification("notifications/tools/list_changed");
        await Eventually.Get(session.ToolNames, names => names.Contains("purge_volume"));
    }
}
