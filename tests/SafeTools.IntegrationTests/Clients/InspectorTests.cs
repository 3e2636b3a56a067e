using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Clients;

/// <summary>The MCP Inspector's command line, in both eras.</summary>
public sealed class InspectorTests : IAsyncLifetime
{
    /// <summary>The Inspector looks a tool up itself before it calls it.</summary>
    private const int ToolNotFound = 5;

    private readonly Workspace _workspace = Workspace.Create();
    private Human _human = null!;

    public async Task InitializeAsync() => _human = await Human.Genesis(_workspace);

    public Task DisposeAsync()
    {
        _human.Dispose();
        _workspace.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("legacy")]
    [InlineData("modern")]
    public async Task Inspector_OfEitherEra_ListsReadsIsRefusedAndProposes(string era)
    {
        var tools = await Inspect(era, "tools/list", "--strict");
        tools.ExitCode.Should().Be(0, tools.All);
        var names = JsonNode.Parse(tools.Output)!["result"]!["tools"]!.AsArray().Select(tool => tool!["name"]!.GetValue<string>());
        names.Should().Contain("delete_volume").And.NotContain("purge_volume");

        (await Call(era, "query_staging_db", new() { ["sql"] = "select value from settings" }))["outcome"]!.GetValue<string>().Should().Be("executed");
        (await Call(era, "query_staging_db", new() { ["sql"] = "delete from settings" }))["code"]!.GetValue<string>().Should().Be("ST1602");
        var proposed = await Call(era, "delete_volume", new() { ["volume"] = Workspace.Shared });
        proposed["outcome"]!.GetValue<string>().Should().Be("proposed");
        proposed["action"]!["environment"]!.GetValue<string>().Should().Be("production");
        proposed["human_page"].Should().BeNull("no page is configured");

        var unknown = await Inspect(era, "tools/call", "--tool-name", "purge_volume", "--tool-args-json", "{}");
        unknown.ExitCode.Should().Be(ToolNotFound, unknown.All);
    }

    private async Task<JsonObject> Call(string era, string tool, JsonObject arguments)
    {
        var ended = await Inspect(era, "tools/call", "--tool-name", tool, "--tool-args-json", arguments.ToJsonString());
        return JsonNode.Parse(ended.Output)?["result"]?["structuredContent"]?.AsObject() ?? throw new InvalidOperationException(ended.All);
    }

    private Task<Ended> Inspect(string era, string method, params string[] more) =>
        NodeClients.Inspect(Path.Combine(_workspace.Folder, "tmp"), NodeClients.Register(_workspace), era, method, more);
}
