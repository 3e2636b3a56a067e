using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Http;

/// <summary>The clients that people use, over HTTP, in each era that they speak.</summary>
public sealed class ClientTests : IAsyncLifetime
{
    private const string Page = "https://safetools.example/console";

    private readonly Workspace _workspace = Workspace.Create();
    private Human _human = null!;
    private HttpServer _server = null!;

    public async Task InitializeAsync()
    {
        _workspace.Edit("tools: ./tool-specs\n", $"tools: ./tool-specs\npolicy: {{ console: \"{Page}\" }}\n");
        _human = await Human.Genesis(_workspace);
        _server = await HttpServer.Start(_workspace);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _human.Dispose();
        _workspace.Dispose();
    }

    [Theory]
    [InlineData("legacy")]
    [InlineData("modern")]
    public async Task Inspector_OfEitherEra_ListsAndCalls(string era)
    {
        var tools = await Inspect(era, "tools/list", "--strict");
        tools.ExitCode.Should().Be(0, tools.All);
        JsonNode.Parse(tools.Output)!["result"]!["tools"]!.AsArray().Select(tool => tool!["name"]!.GetValue<string>()).Should().Contain("delete_volume").And.NotContain("purge_volume");
        var called = await Inspect(era, "tools/call", "--tool-name", "query_staging_db", "--tool-args-json", """{"sql":"delete from settings"}""");
        JsonNode.Parse(called.Output)!["result"]!["structuredContent"]!["code"]!.GetValue<string>().Should().Be("ST1602", called.All);
    }

    [Theory]
    [InlineData("v1", "legacy", 1)]
    [InlineData("v2", "legacy", 1)]
    [InlineData("v2", "modern", 1)]
    public async Task TypeScriptClient_ThatCanBeRung_ListsReadsProposesAndIsRung(string sdk, string era, int rung)
    {
        var seen = await NodeClients.Walk(_workspace, sdk, era, "accept", [
            new JsonArray("tools"),
            new JsonArray("call", "query_staging_db", new JsonObject { ["sql"] = "select value from settings" }),
            new JsonArray("call", "delete_scratch_volume", new JsonObject { ["volume"] = Workspace.Staging }),
            new JsonArray("call", "get_proposal", new JsonObject { ["id"] = "$id", ["wait_seconds"] = 1 }),
            new JsonArray("rung"),
            new JsonArray("call", "no_such_tool", new JsonObject()),
        ], NodeClients.Register(_workspace, _server.Url));

        Said(seen, "tools").Single()["tools"]!.AsArray().Select(tool => tool!["name"]!.GetValue<string>()).Should().Contain("delete_scratch_volume").And.NotContain("purge_volume");
        Said(seen, "answer").Select(answer => answer["content"]!["outcome"]!.GetValue<string>()).Should().Equal("executed", "proposed", "proposed");
        Said(seen, "rung").Should().HaveCount(rung).And.OnlyContain(one => one["params"]!["url"]!.GetValue<string>() == Page);
        Said(seen, "error").Single()["code"]!.GetValue<int>().Should().Be(-32602);
        Directory.Exists(_workspace.Volume(Workspace.Staging)).Should().BeTrue("whatever a client answers decides nothing");
    }

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task McpClient_OfEitherEra_ListsCallsAndIsRefused(string era)
    {
        using var patience = new CancellationTokenSource(SafeToolsProgram.Patience);
        var transport = new HttpClientTransport(new HttpClientTransportOptions { Endpoint = _server.Url, TransportMode = HttpTransportMode.StreamableHttp });
        var options = new McpClientOptions { ProtocolVersion = era, DiscoverProbeTimeout = Timeout.InfiniteTimeSpan };
        await using var client = await McpClient.CreateAsync(transport, options, cancellationToken: patience.Token);
        client.NegotiatedProtocolVersion.Should().Be(era);

        (await client.ListToolsAsync(cancellationToken: patience.Token)).Select(tool => tool.Name).Should().Contain("query_staging_db").And.NotContain("purge_volume");
        var read = await client.CallToolAsync("query_staging_db", new Dictionary<string, object?> { ["sql"] = "select 1" }, cancellationToken: patience.Token);
        read.StructuredContent!.Value.GetProperty("outcome").GetString().Should().Be("executed");
        var unknown = () => client.CallToolAsync("purge_volume", cancellationToken: patience.Token).AsTask();
        (await unknown.Should().ThrowAsync<ModelContextProtocol.McpProtocolException>()).Which.ErrorCode.Should().Be(ModelContextProtocol.McpErrorCode.InvalidParams);
    }

    private static IEnumerable<JsonObject> Said(IEnumerable<JsonObject> seen, string what) => seen.Where(one => one["what"]!.GetValue<string>() == what);

    private Task<Ended> Inspect(string era, string method, params string[] more) =>
        NodeClients.Inspect(Path.Combine(_workspace.Folder, "tmp"), NodeClients.Register(_workspace, _server.Url), era, method, more);
}
