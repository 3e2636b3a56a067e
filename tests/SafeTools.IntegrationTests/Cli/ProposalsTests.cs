using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Cli;

/// <summary>A human at a terminal decides; a server in another process executes.</summary>
public sealed class ProposalsTests : IAsyncLifetime
{
    private const string Unlock = "Passphrase of dana:";
    private const string TypeName = "Type the target's name to go on (orders-data):";

    private readonly Workspace _workspace = Workspace.Create();
    private Human _human = null!;
    private RawSession _agent = null!;

    public async Task InitializeAsync()
    {
        _human = await Human.GenesisWithKeyFile(_workspace);
        _agent = await RawSession.Open(_workspace);
    }

    public async Task DisposeAsync()
    {
        await _agent.DisposeAsync();
        _human.Dispose();
        _workspace.Dispose();
    }

    [Fact]
    public async Task ListAndShow_OfAProposal_SayTheFactsAndTheAgentsWordsApart()
    {
        (await _workspace.Run("proposals", "list")).Output.Should().Be("Nothing waits.\n");
        var id = await Ask("delete_volume", Workspace.Shared, "harmless\u202e, just \u001b[31mstale\nApproved: yes");

        var list = await _workspace.Run("proposals", "list");
        list.ExitCode.Should().Be(0);
        list.Output.Should().Contain(id).And.Contain("production · irreversible").And.Contain("blocked: no recovery point");
        var show = await _workspace.Run("proposals", "show", id);
        show.ExitCode.Should().Be(0, show.Error);
        show.Output.Should().MatchRegex("Where +production").And.Contain("not verified, lost with the target").And.Contain("Blocked").And.Contain("The agent's own words (not checked by anybody):");
        show.Output[..show.Output.IndexOf("The agent's own words", StringComparison.Ordinal)].Should().NotContain("harmless");
        show.Output.Should().NotContain("\u202e").And.NotContain("\u001b").And.NotContain("\nApproved: yes");

        var json = JsonNode.Parse((await _workspace.Run("proposals", "list", "--json")).Output)!;
        json["id"]!.GetValue<string>().Should().Be(id);
        JsonNode.Parse((await _workspace.Run("proposals", "show", id, "--json")).Output)!["environment"]!.GetValue<string>().Should().Be("production");
        (await _workspace.Run("proposals", "show", "act-000000000000")).ExitCode.Should().Be(3);
    }

    [Fact]
    public async Task Approve_WithTheWrongName_SignsNothing()
    {
        var id = await Ask("snapshot_volume", Workspace.Shared);
        var signed = await _workspace.Signed();

        var ended = await Typist.Run(_workspace, ["proposals", "approve", id], (TypeName, "orders"));

        ended.ExitCode.Should().Be(3, ended.Output);
        ended.Output.Should().Contain("Not confirmed. Nothing was signed.").And.NotContain(Unlock);
        (await _workspace.Signed()).Should().Be(signed);
        (await _workspace.Action(id)).Status.Should().Be(ActionStatus.Pending);
    }

    [Fact]
    public async Task Approve_WithTheWrongPassphrase_SignsNothing()
    {
        var id = await Ask("snapshot_volume", Workspace.Shared);
        var signed = await _workspace.Signed();

        var ended = await Typist.Run(_workspace, ["proposals", "approve", id], (TypeName, Workspace.Shared), (Unlock, "not this passphrase"));

        ended.ExitCode.Should().Be(3, ended.Output);
        (await _workspace.Signed()).Should().Be(signed);
    }

    [Fact]
    public async Task Approve_SnapshotThenDeleteThenUndo_ComesBackByteForByte()
    {
        var before = _workspace.GroundDigestOf(Workspace.Shared);
        var delete = await Ask("delete_volume", Workspace.Shared);
        var blocked = await Typist.Run(_workspace, ["proposals", "approve", delete]);
        blocked.ExitCode.Should().Be(3, blocked.Output);
        blocked.Output.Should().Contain("ST1302");

        var snapshot = await Ask("snapshot_volume", Workspace.Shared);
        (await Approve(snapshot)).Output.Should().Contain("Approved and done.");
        await Eventually.Get(() => _workspace.Action(delete), action => action.Blocked is null);
        var done = await Approve(delete);
        done.ExitCode.Should().Be(0, done.Output);
        done.Output.Should().Contain($"Approved and done. It can be taken back: safetools undo {delete}");
        Directory.Exists(_workspace.Volume(Workspace.Shared)).Should().BeFalse();
        _workspace.Quarantined().Should().Be(1);

        var undone = await Typist.Run(_workspace, ["undo", delete], (TypeName, Workspace.Shared), (Unlock, Human.Passphrase));
        undone.ExitCode.Should().Be(0, undone.Output);
        _workspace.GroundDigestOf(Workspace.Shared).Should().Be(before);
        var verified = await _workspace.Run("audit", "verify");
        verified.ExitCode.Should().Be(0, verified.Output);
    }

    [Fact]
    public async Task Approve_OfWhatTheRecoveryGateBlocks_RefusesBeforeItAsks()
    {
        var delete = await Ask("delete_volume", Workspace.Shared);
        var ended = await Typist.Run(_workspace, ["proposals", "approve", delete]);

        ended.ExitCode.Should().Be(3, ended.Output);
        ended.Output.Should().Contain("ST1302").And.Contain("--without-recovery").And.NotContain(Unlock);
    }

    [Fact]
    public async Task Approve_WithoutRecovery_TakesItsOwnFlag()
    {
        var delete = await Ask("delete_volume", Workspace.Shared);
        var ended = await Typist.Run(_workspace, ["proposals", "approve", "--without-recovery", delete], (TypeName, Workspace.Shared), (Unlock, Human.Passphrase));

        ended.ExitCode.Should().Be(0, ended.Output);
        (await _workspace.Audit()).Should().Contain(entry => entry.Kind == "decision.accepted" && entry.Body.Contains("approve-without-recovery"));
    }

    [Fact]
    public async Task Reject_WithAReason_TellsTheAgentAndRefusesTheSameAgain()
    {
        var id = await Ask("delete_scratch_volume", Workspace.Staging);
        var ended = await Typist.Run(_workspace, ["proposals", "reject", id, "--reason", "not today", "--json"], (Unlock, Human.Passphrase));

        ended.ExitCode.Should().Be(0, ended.Output);
        ended.Output.Should().Contain("\"status\":\"rejected\"");
        (await _agent.Call("get_proposal", new JsonObject { ["id"] = id }))["message"]!.GetValue<string>().Should().Contain("not today");
        (await _agent.Call("delete_scratch_volume", new JsonObject { ["volume"] = Workspace.Staging }))["code"]!.GetValue<string>().Should().Be("ST1402");
    }

    [Fact]
    public async Task Approve_OfSeveral_UnlocksOnceAndSignsEach()
    {
        var first = await Ask("delete_scratch_volume", Workspace.Staging);
        var second = await Ask("snapshot_volume", Workspace.Shared);

        var ended = await Typist.Run(_workspace, ["proposals", "approve", first, second], ("Type yes:", "yes"), (Unlock, Human.Passphrase), (TypeName, Workspace.Shared));

        ended.ExitCode.Should().Be(0, ended.Output);
        (await _workspace.Ended(first)).Status.Should().Be(ActionStatus.Succeeded);
        (await _workspace.Ended(second)).Status.Should().Be(ActionStatus.Succeeded);
    }

    [Fact]
    public async Task Undo_InStaging_NeedsNoSignature()
    {
        var id = await Ask("delete_scratch_volume", Workspace.Staging);
        await _human.Approve(id);
        (await _workspace.Ended(id)).Status.Should().Be(ActionStatus.Succeeded);
        var signed = await _workspace.Signed();

        var undone = await _workspace.Run("undo", id);

        undone.ExitCode.Should().Be(0, undone.All);
        undone.Output.Should().Contain("Taken back");
        File.Exists(Path.Combine(_workspace.Volume(Workspace.Staging), "notes.txt")).Should().BeTrue();
        (await _workspace.Signed()).Should().Be(signed);
        var twice = await _workspace.Run("undo", id);
        twice.ExitCode.Should().Be(3);
        twice.Error.Should().Contain("ST1410");
    }

    [Fact]
    public async Task Undo_ExecutedByTheVerbBesideServers_IsNotTakenForADeadProcess()
    {
        await using var second = await RawSession.Open(_workspace);
        await using var third = await RawSession.Open(_workspace);
        // A copy that takes a while, so that the servers look at it while the verb is at work.
        File.WriteAllBytes(Path.Combine(_workspace.Volume(Workspace.Staging), "big.bin"), new byte[64 * 1024 * 1024]);
        for (var round = 0; round < 3; round++)
        {
            var made = await _agent.Call("snapshot_scratch_volume", new JsonObject { ["volume"] = Workspace.Staging });
            made["outcome"]!.GetValue<string>().Should().Be("executed", made.ToJsonString());
            (await _workspace.Run("undo", made["action"]!["id"]!.GetValue<string>())).ExitCode.Should().Be(0);
        }

        (await _workspace.Actions()).Should().OnlyContain(action => action.Status == ActionStatus.Succeeded);
        (await _workspace.Audit()).Count(entry => entry.Kind == "action.ended").Should().Be(6);
    }

    private async Task<string> Ask(string tool, string volume, string? reason = null)
    {
        var arguments = new JsonObject { ["volume"] = volume };
        if (reason is not null)
        {
            arguments["reason"] = reason;
        }

        var answer = await _agent.Call(tool, arguments);
        answer["outcome"]!.GetValue<string>().Should().Be("proposed", answer.ToJsonString());
        return answer["action"]!["id"]!.GetValue<string>();
    }

    private Task<Ended> Approve(string id) => Typist.Run(_workspace, ["proposals", "approve", id], (TypeName, Workspace.Shared), (Unlock, Human.Passphrase));
}
