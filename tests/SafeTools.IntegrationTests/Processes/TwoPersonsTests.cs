using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Processes;

/// <summary><c>approvals: { production: 2 }</c> means two persons, for actions and for policies.</summary>
public sealed class TwoPersonsTests : IAsyncLifetime
{
    private readonly Workspace _workspace = Workspace.Create();
    private readonly List<Human> _people = [];

    private Human Dana => _people[0];

    private Human DanaAgain => _people[1];

    private Human Erin => _people[2];

    public async Task InitializeAsync()
    {
        _workspace.Edit("tools: ./tool-specs\n", "tools: ./tool-specs\napprovals: { production: 2 }\n");
        _people.AddRange([Human.EnrolWithKeyFile(_workspace), Human.Enrol(_workspace), Human.Enrol(_workspace, "erin")]);
        (await Dana.Accept()).Should().BeNull();
    }

    public Task DisposeAsync()
    {
        _people.ForEach(person => person.Dispose());
        _workspace.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Action_InProduction_RunsWithTheSecondPersonNotTheSecondKey()
    {
        await using var agent = await RawSession.Open(_workspace);
        var proposed = await agent.Call("snapshot_volume", new JsonObject { ["volume"] = Workspace.Shared });
        proposed["action"]!["approvals_required"]!.GetValue<int>().Should().Be(2);
        var id = proposed["action"]!["id"]!.GetValue<string>();

        var first = await Typist.Run(_workspace, ["proposals", "approve", id], ("(orders-data):", Workspace.Shared), ("Passphrase of dana:", Human.Passphrase));
        first.ExitCode.Should().Be(0, first.Output);
        first.Output.Should().MatchRegex("Needs +2 persons").And.Contain("Signed. Another person has to decide too.");
        (await DanaAgain.Decide(id)).Refusal!.Code.Should().Be(RefusalCatalog.AlreadyDecided);
        (await _workspace.Action(id)).Status.Should().Be(ActionStatus.Pending);
        Directory.EnumerateFileSystemEntries(Path.Combine(_workspace.Folder, "elsewhere")).Should().BeEmpty();

        await Erin.Approve(id);
        (await _workspace.Ended(id)).Status.Should().Be(ActionStatus.Succeeded);
    }

    [Fact]
    public async Task Policy_New_IsAcceptedWithTheSecondPersonNotTheSecondKey()
    {
        await using var agent = await RawSession.Open(_workspace);
        _workspace.Edit("- delete_volume@production", "- delete_volume@production\n      - purge_volume@production");
        (await Dana.Accept()).Should().BeNull();
        await DanaAgain.Accept();
        (await agent.CallRaw("purge_volume", new JsonObject { ["entry"] = "act-000000000000" }))["error"].Should().NotBeNull("one person is not enough");

        (await Erin.Accept()).Should().BeNull();
        (await agent.CallRaw("purge_volume", new JsonObject { ["entry"] = "act-000000000000" }))["error"].Should().BeNull();
    }

    [Fact]
    public async Task Approver_InTheFilesAlone_DecidesNothing()
    {
        using var agentsOwn = Human.Enrol(_workspace, "agent");
        await using var agent = await RawSession.Open(_workspace);
        var id = (await agent.Call("delete_scratch_volume", new JsonObject { ["volume"] = Workspace.Staging }))["action"]!["id"]!.GetValue<string>();

        (await agentsOwn.Decide(id)).Refusal.Should().NotBeNull();
        (await agentsOwn.Accept()).Should().NotBeNull();
        (await _workspace.Action(id)).Status.Should().Be(ActionStatus.Pending);
        (await _workspace.Audit()).Should().Contain(entry => entry.Kind == "decision.refused").And.Contain(entry => entry.Kind == "policy.refused");
    }
}
