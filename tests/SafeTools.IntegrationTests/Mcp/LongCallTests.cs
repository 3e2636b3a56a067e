using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;
using SafeTools.Providers.Sqlite;

namespace SafeTools.IntegrationTests.Mcp;

/// <summary>Calls that take a while: progress, cancellation, and a client that hangs up.</summary>
public sealed class LongCallTests : IAsyncLifetime
{
    /// <summary>Counts for longer than any time limit lets it.</summary>
    private const string Endless = "with recursive n(i) as (select 1 union all select i + 1 from n where i < 4000000000) select count(*) from n";

    private readonly Workspace _workspace = Workspace.Create();
    private Human _human = null!;

    public async Task InitializeAsync()
    {
        // The spec's own limit must not be what stops the query.
        var spec = Path.Combine("workspace", "tool-specs", "sqlite", "query_staging_db.yaml");
        _workspace.Write(spec, File.ReadAllText(Path.Combine(_workspace.Folder, spec)).Replace("time: 5s", "time: 30s", StringComparison.Ordinal));
        _human = await Human.Genesis(_workspace);
    }

    public Task DisposeAsync()
    {
        _human.Dispose();
        _workspace.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData(RawSession.Modern)]
    public async Task Snapshot_WithAProgressToken_ReportsHowFarItIs(string era)
    {
        File.WriteAllBytes(Path.Combine(_workspace.Volume(Workspace.Staging), "big.bin"), new byte[16 * 1024 * 1024]);
        await using var session = await RawSession.Open(_workspace, era);
        var parameters = new JsonObject { ["name"] = "snapshot_scratch_volume", ["arguments"] = new JsonObject { ["volume"] = Workspace.Staging } };
        var answer = await session.Answer(await session.Begin("tools/call", parameters, progressToken: "how-far"));

        RawSession.Structured(answer)["outcome"]!.GetValue<string>().Should().Be("executed");
        var progress = await session.Notification("notifications/progress");
        progress["params"]!["progressToken"]!.GetValue<string>().Should().Be("how-far");
        progress["params"]!["progress"]!.GetValue<double>().Should().BePositive();
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData(RawSession.Modern)]
    public async Task Query_Cancelled_StopsAndTheServerGoesOn(string era)
    {
        await using var session = await RawSession.Open(_workspace, era);
        var ids = new List<long>();
        for (var count = 0; count < EngineSlots.Count; count++)
        {
            ids.Add(await session.Begin("tools/call", new JsonObject { ["name"] = "query_staging_db", ["arguments"] = new JsonObject { ["sql"] = Endless } }));
        }

        await session.Call("describe_access", []);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        foreach (var id in ids)
        {
            await session.Send(new JsonObject { ["jsonrpc"] = "2.0", ["method"] = "notifications/cancelled", ["params"] = new JsonObject { ["requestId"] = id } });
        }

        // Queries that went on would hold every slot of the engine for 30 seconds.
        (await session.Call("query_staging_db", new JsonObject { ["sql"] = "select 1" }))["outcome"]!.GetValue<string>().Should().Be("executed");
        clock.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(20));
        (await session.HangUp()).Should().Be(0);
        session.Lines.Should().NotContain(line => line.Contains("4000000000"), "nobody waits for its answer");
    }

    [Fact]
    public async Task Requests_InFlightAtTheEndOfInput_AreAnswered()
    {
        await using var session = await RawSession.Open(_workspace);
        var ids = new List<long>();
        for (var count = 0; count < 10; count++)
        {
            ids.Add(await session.Begin("tools/call", new JsonObject { ["name"] = "app_settings", ["arguments"] = new JsonObject { ["prefix"] = "" } }));
        }

        (await session.HangUp()).Should().Be(0);
        foreach (var id in ids)
        {
            RawSession.Structured(await session.Answer(id))["outcome"]!.GetValue<string>().Should().Be("executed");
        }
    }
}
