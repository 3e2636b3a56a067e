using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Cli;

/// <summary>An agent with a shell can run every verb; without a terminal none of them signs.</summary>
public sealed class NoTerminalTests : IAsyncLifetime
{
    private readonly Workspace _workspace = Workspace.Create();
    private Human _human = null!;
    private string _proposal = "";
    private string _deleted = "";

    public async Task InitializeAsync()
    {
        _human = await Human.GenesisWithKeyFile(_workspace);
        await using var agent = await RawSession.Open(_workspace);
        var snapshot = await agent.Call("snapshot_volume", new JsonObject { ["volume"] = Workspace.Shared });
        _deleted = snapshot["action"]!["id"]!.GetValue<string>();
        await _human.Approve(_deleted);
        await _workspace.Ended(_deleted);
        var delete = await agent.Call("delete_volume", new JsonObject { ["volume"] = Workspace.Shared });
        _proposal = delete["action"]!["id"]!.GetValue<string>();
        await agent.HangUp();
        (await _workspace.Run("freeze", "watcher")).ExitCode.Should().Be(0);
    }

    public Task DisposeAsync()
    {
        _human.Dispose();
        _workspace.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task SigningVerbs_WithoutATerminal_ExitWith3AndSignNothing()
    {
        _workspace.Edit("- read:*@production", "- read:*@production\n      - purge_volume@production");
        var signed = await _workspace.Signed();
        var ground = _workspace.GroundDigest();
        string[][] verbs =
        [
            ["accept"], ["approvers", "enroll", "mallory"], ["proposals", "approve", _proposal], ["proposals", "approve", "--without-recovery", _proposal],
            ["proposals", "reject", _proposal], ["undo", _deleted], ["unfreeze", "watcher"],
        ];
        foreach (var verb in verbs)
        {
            // What a person would type, in a pipe and in variables: nobody reads it.
            var input = $"{Workspace.Shared}\n{Human.Passphrase}\n{Human.Passphrase}\n";
            var start = SafeToolsProgram.Start(
                SafeToolsProgram.CommandLine([.. verb, .. _workspace.Options]),
                Path.Combine(_workspace.Folder, "tmp"),
                [new("SAFETOOLS_PASSPHRASE", Human.Passphrase), new("PASSPHRASE", Human.Passphrase)]);
            var ended = await SafeToolsProgram.Run(start, input);

            ended.ExitCode.Should().Be(3, $"{string.Join(' ', verb)}: {ended.All}");
            ended.All.Should().NotContain(Human.Passphrase);
        }

        (await _workspace.Signed()).Should().Be(signed);
        _workspace.GroundDigest().Should().Be(ground);
        Directory.GetFiles(_workspace.Locations.Keys).Should().HaveCount(1);
        (await _workspace.Action(_proposal)).Status.Should().Be(ActionStatus.Pending);
    }

    [Theory]
    [InlineData("--passphrase")]
    [InlineData("--yes")]
    [InlineData("--force")]
    [InlineData("--confirm")]
    public async Task SigningVerb_WithAFlagThatSaysYes_KnowsNoSuchFlag(string flag)
    {
        var signed = await _workspace.Signed();
        var ended = await _workspace.RunWith(Human.Passphrase + "\n", "accept", $"{flag}={Human.Passphrase}");

        ended.ExitCode.Should().Be(2, ended.All);
        (await _workspace.Signed()).Should().Be(signed);
    }
}
