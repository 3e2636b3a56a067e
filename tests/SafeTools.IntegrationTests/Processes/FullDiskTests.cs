using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Processes;

/// <summary>Real file systems that are full: nothing runs that cannot be written down, and half a copy counts for nothing.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly Workspace _workspace = Workspace.Create();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Store_OnAFullDisk_RefusesEverythingUntilThereIsSpace()
    {
        using var disk = SmallDisk.Mount(_workspace.State, megabytes: 4);
        using var human = await Human.Genesis(_workspace);
        await using var agent = await RawSession.Open(_workspace);
        (await Read(agent))["outcome"]!.GetValue<string>().Should().Be("executed");
        var ground = _workspace.GroundDigest();
        disk.Fill();

        // A commit may still fit into what the log holds already; from the first refusal on nothing does.
        var answers = new List<JsonObject>();
        for (var call = 0; call < 200 && !Refused(answers); call++)
        {
            answers.Add(await Read(agent));
        }

        Refused(answers).Should().BeTrue("a full disk refuses");
        var refused = await Snapshot(agent);
        refused["code"]!.GetValue<string>().Should().Be("ST1801");
        refused["message"]!.GetValue<string>().Should().Contain("full");
        _workspace.GroundDigest().Should().Be(ground);

        disk.Relieve();
        (await Read(agent))["outcome"]!.GetValue<string>().Should().Be("executed");
        (await Snapshot(agent))["outcome"]!.GetValue<string>().Should().Be("executed");
        (await agent.HangUp()).Should().Be(0);
        (await _workspace.Verified()).Should().BeNull();
    }

    [Fact]
    public async Task Snapshot_OntoADiskThatFillsMeanwhile_FailsAndLeavesNothingThatCounts()
    {
        var backups = Path.Combine(_workspace.Folder, "elsewhere");
        using var disk = SmallDisk.Mount(backups, megabytes: 4096);
        using (var big = File.Create(Path.Combine(_workspace.Volume(Workspace.Staging), "big.bin")))
        {
            big.SetLength(1024L * 1024 * 1024);
        }

        using var human = await Human.Genesis(_workspace);
        await using var agent = await RawSession.Open(_workspace);
        var call = await agent.Begin("tools/call", new JsonObject { ["name"] = "snapshot_scratch_volume", ["arguments"] = new JsonObject { ["volume"] = Workspace.Staging } }, progressToken: 1);
        await agent.Notification("notifications/progress");
        disk.Shrink();

        var failed = RawSession.Structured(await agent.Answer(call));
        failed["outcome"]!.GetValue<string>().Should().Be("failed");
        failed["code"]!.GetValue<string>().Should().StartWith("ST");
        Directory.EnumerateFiles(backups, "*", SearchOption.AllDirectories).Should().BeEmpty("half a copy is taken away");
        (await _workspace.Actions()).Single().Status.Should().Be(ActionStatus.Failed);
        (await agent.HangUp()).Should().Be(0);
        (await _workspace.Verified()).Should().BeNull();
    }

    private static bool Refused(List<JsonObject> answers) => answers.Count > 0 && answers[^1]["outcome"]!.GetValue<string>() == "refused";

    private static Task<JsonObject> Read(RawSession agent) => agent.Call("query_staging_db", new JsonObject { ["sql"] = "select 1" });

    private static Task<JsonObject> Snapshot(RawSession agent) => agent.Call("snapshot_scratch_volume", new JsonObject { ["volume"] = Workspace.Staging });
}
