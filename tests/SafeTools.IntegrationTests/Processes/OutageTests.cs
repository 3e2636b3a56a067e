using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Processes;

/// <summary>What a server does when the client is gone in the middle, and when another process holds the store.</summary>
public sealed class OutageTests : IAsyncLifetime
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
    public async Task Client_KilledInTheMiddle_ServerWritesTheEndDownAndGoes()
    {
        using (var big = File.Create(Path.Combine(_workspace.Volume(Workspace.Staging), "big.bin")))
        {
            big.SetLength(1024L * 1024 * 1024);
        }

        // The client is whoever holds the other ends of the pipes.
        var command = SafeToolsProgram.CommandLine(["serve", .. _workspace.Options]);
        await using var agent = RawSession.Start(SafeToolsProgram.Start(["sh", "-c", "cat | \"$@\" | cat", "sh", .. command], Path.Combine(_workspace.Folder, "tmp")));
        await agent.Greet("2025-11-25");
        await agent.Begin("tools/call", new JsonObject { ["name"] = "snapshot_scratch_volume", ["arguments"] = new JsonObject { ["volume"] = Workspace.Staging } }, progressToken: 1);
        await agent.Notification("notifications/progress");

        var children = (await File.ReadAllTextAsync($"/proc/{agent.ProcessId}/task/{agent.ProcessId}/children")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        children.Should().HaveCount(3);
        var server = int.Parse(children[1], CultureInfo.InvariantCulture);
        foreach (var end in new[] { children[0], children[2] })
        {
            using var cat = Process.GetProcessById(int.Parse(end, CultureInfo.InvariantCulture));
            cat.Kill();
        }

        await agent.Exit();
        Directory.Exists($"/proc/{server}").Should().BeFalse("nothing is left behind");
        var action = (await _workspace.Actions()).Single();
        ActionLife.IsOpen(action.Status).Should().BeFalse($"the server itself wrote the end down; it is {action.Status}");
        (await _workspace.Verified()).Should().BeNull();
    }

    [Fact]
    public async Task Store_HeldByAnotherProcess_RefusesInBoundedTimeAndWorksAfterwards()
    {
        await using var agent = await RawSession.Open(_workspace);
        // It answers initialize before it opens the store; a list of tools says that it serves.
        await agent.Tools();
        var ground = _workspace.GroundDigest();
        await using (var other = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _workspace.StoreFile, Pooling = false }.ToString()))
        {
            await other.OpenAsync();
            await using var hold = other.CreateCommand();
            hold.CommandText = "begin exclusive";
            await hold.ExecuteNonQueryAsync();

            // Answered while it is held still: no call hangs until whoever holds it lets go.
            foreach (var (tool, arguments) in new[]
            {
                ("query_staging_db", new JsonObject { ["sql"] = "select 1" }),
                ("snapshot_scratch_volume", new JsonObject { ["volume"] = Workspace.Staging }),
            })
            {
                var answer = await agent.Call(tool, arguments);
                answer["outcome"]!.GetValue<string>().Should().Be("refused");
                answer["code"]!.GetValue<string>().Should().Be("ST1801");
                answer.ContainsKey("data").Should().BeFalse();
            }

            _workspace.GroundDigest().Should().Be(ground);
        }

        (await agent.Call("query_staging_db", new JsonObject { ["sql"] = "select 1" }))["outcome"]!.GetValue<string>().Should().Be("executed");
        (await agent.Call("snapshot_scratch_volume", new JsonObject { ["volume"] = Workspace.Staging }))["outcome"]!.GetValue<string>().Should().Be("executed");
        (await agent.HangUp()).Should().Be(0);
        (await _workspace.Verified()).Should().BeNull();
    }
}
