using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Processes;

/// <summary>Eight servers and the command line on one store, started at the same instant on a state folder that does not exist yet.</summary>
public sealed class CrowdTests : IAsyncLifetime
{
    private const int Servers = 8;

    private readonly Workspace _workspace = Workspace.Create();
    private Human _human = null!;

    public Task InitializeAsync()
    {
        _human = Human.Enrol(_workspace);
        return Task.CompletedTask;
    }

    public Task DisposeAsync()
    {
        _human.Dispose();
        _workspace.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Servers_OnOneNewStore_KeepOneChainAndExecuteEachApprovalOnce()
    {
        var sessions = await Task.WhenAll(Enumerable.Range(0, Servers).Select(number => RawSession.Open(_workspace, number % 2 == 0 ? "2025-11-25" : RawSession.Modern)));
        try
        {
            (await _human.Accept()).Should().BeNull();
            var volumes = Enumerable.Range(0, Servers).Select(number => $"crowd-{number}").ToArray();
            _workspace.Write("deploy/staging.env", $"DATA_VOLUME={Workspace.Shared}\n" + string.Concat(volumes.Select(name => $"{name.Replace('-', '_').ToUpperInvariant()}={name}\n")));
            Array.ForEach(volumes, name => _workspace.Write($"volumes/{name}/notes.txt", "crowd\n"));

            // Each proposes, reads and snapshots on its own; all repeat the first one's proposal.
            var ids = await Task.WhenAll(sessions.Select((session, number) => Busy(session, volumes[number])));
            ids.Distinct().Should().HaveCount(Servers);
            var repeated = await Task.WhenAll(sessions.Select(session => Propose(session, volumes[0])));
            repeated.Should().OnlyContain(id => id == ids[0]);

            // Half are approved while verbs write too; one is withdrawn by another server than the one that asked.
            var verbs = Task.WhenAll(_workspace.Run("freeze", "watcher"), _workspace.Run("proposals", "list"), _workspace.Run("audit", "verify"));
            var withdrawn = sessions[0].Call("withdraw_proposal", new JsonObject { ["id"] = ids[^1] });
            await Task.WhenAll(ids[..(Servers / 2)].Select(_human.Approve));
            (await verbs).Should().OnlyContain(ended => ended.ExitCode == 0);
            (await withdrawn)["outcome"]!.GetValue<string>().Should().Be("executed");
            await Task.WhenAll(ids[..(Servers / 2)].Select(_workspace.Ended));

            foreach (var session in sessions)
            {
                (await session.HangUp()).Should().Be(0);
                session.StandardError.Should().NotContain("fail:").And.NotContain("Exception").And.NotContain("   at ");
            }

            var actions = await _workspace.Actions();
            var audit = await _workspace.Audit();
            foreach (var id in ids[..(Servers / 2)])
            {
                actions.Single(action => action.Id == id).Status.Should().Be(ActionStatus.Succeeded);
                audit.Count(entry => entry.Kind == "action.claimed" && entry.ActionId == id).Should().Be(1);
                audit.Count(entry => entry.Kind == "action.ended" && entry.ActionId == id).Should().Be(1);
            }

            _workspace.Quarantined().Should().Be(Servers / 2);
            actions.Single(action => action.Id == ids[^1]).Status.Should().Be(ActionStatus.Withdrawn);
            audit.Count(entry => entry.Kind == "store.created").Should().Be(1);
            audit.Count(entry => entry.Kind == "read.answered").Should().Be(Servers * 3);
            (await _workspace.Verified()).Should().BeNull();
        }
        finally
        {
            foreach (var session in sessions)
            {
                await session.DisposeAsync();
            }
        }
    }

    private static async Task<string> Busy(RawSession session, string volume)
    {
        await Eventually.Get(() => session.ToolNames(), tools => tools.Contains("delete_scratch_volume"));
        for (var read = 0; read < 3; read++)
        {
            (await session.Call("query_staging_db", new JsonObject { ["sql"] = "select 1" }))["outcome"]!.GetValue<string>().Should().Be("executed");
        }

        (await session.Call("snapshot_scratch_volume", new JsonObject { ["volume"] = volume }))["outcome"]!.GetValue<string>().Should().Be("executed");
        return await Propose(session, volume);
    }

    private static async Task<string> Propose(RawSession session, string volume) =>
        (await session.Call("delete_scratch_volume", new JsonObject { ["volume"] = volume }))["action"]!["id"]!.GetValue<string>();
}
