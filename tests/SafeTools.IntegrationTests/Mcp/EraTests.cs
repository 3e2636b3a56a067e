using System.Text.Json;
using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Mcp;

/// <summary>Both protocol eras over raw JSON lines (DESIGN §7).</summary>
public sealed class EraTests : IAsyncLifetime
{
    private readonly Workspace _workspace = Workspace.Create();
    private Human _human = null!;

    public static TheoryData<string> Eras => ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", RawSession.Modern];

    public async Task InitializeAsync() => _human = await Human.Genesis(_workspace);

    public Task DisposeAsync()
    {
        _human.Dispose();
        _workspace.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Eras))]
    public async Task Session_OfEveryEra_ListsCallsAndRefusesAlike(string era)
    {
        await using var session = RawSession.Start(_workspace);
        var greeting = (await session.Greet(era))["result"]!;
        if (era == RawSession.Modern)
        {
            greeting["supportedVersions"]!.AsArray().Select(version => version!.GetValue<string>()).Should().Contain(RawSession.Modern);
        }
        else
        {
            greeting["protocolVersion"]!.GetValue<string>().Should().Be(era);
            greeting["serverInfo"]!["name"]!.GetValue<string>().Should().Be("safetools");
        }

        greeting["instructions"]!.GetValue<string>().Should().Contain("a human decides outside this connection");
        greeting["capabilities"]!["tools"]!["listChanged"]!.GetValue<bool>().Should().BeTrue();

        var list = (await session.Request("tools/list", []))["result"]!;
        Golden.Check("tools-list.json", RawSession.Text(list["tools"]!) + "\n");
        var again = (await session.Request("tools/list", []))["result"]!;
        again["tools"]!.ToJsonString().Should().Be(list["tools"]!.ToJsonString(), "the order is always the same");
        if (era == RawSession.Modern)
        {
            list["ttlMs"]!.GetValue<long>().Should().BePositive();
            list["cacheScope"]!.GetValue<string>().Should().Be("private");
        }

        var read = await session.CallRaw("query_staging_db", new JsonObject { ["sql"] = "select value from settings" });
        Conforming(list, "query_staging_db", read)["outcome"]!.GetValue<string>().Should().Be("executed");
        var refused = await session.CallRaw("query_staging_db", new JsonObject { ["sql"] = "delete from settings" });
        Conforming(list, "query_staging_db", refused)["code"]!.GetValue<string>().Should().Be("ST1602");
        refused["result"]!["isError"]!.GetValue<bool>().Should().BeTrue();
        var proposed = await session.CallRaw("delete_volume", new JsonObject { ["volume"] = Workspace.Shared });
        Conforming(list, "delete_volume", proposed)["outcome"]!.GetValue<string>().Should().Be("proposed");

        var unknown = await session.CallRaw("no_such_tool", []);
        var ungranted = await session.CallRaw("purge_volume", []);
        unknown["error"]!["code"]!.GetValue<int>().Should().Be(-32602);
        ungranted["error"]!.ToJsonString().Replace("purge_volume", "no_such_tool", StringComparison.Ordinal).Should().Be(unknown["error"]!.ToJsonString());

        (await session.HangUp()).Should().Be(0);
        session.Lines.Should().OnlyContain(line => JsonNode.Parse(line, default, default)!["jsonrpc"]!.GetValue<string>() == "2.0", "standard output carries the protocol alone");
        session.StandardError.Should().NotContain("jsonrpc").And.NotContain("outcome");
        string.Concat(session.Lines).Should().NotContain(_workspace.Folder);
    }

    [Fact]
    public async Task EveryTool_Answered_ConformsToItsOutputSchema()
    {
        await using var session = await RawSession.Open(_workspace);
        var list = (await session.Request("tools/list", []))["result"]!;
        var proposed = await session.Call("delete_volume", new JsonObject { ["volume"] = Workspace.Shared });
        var id = proposed["action"]!["id"]!.GetValue<string>();
        var made = await session.Call("snapshot_scratch_volume", new JsonObject { ["volume"] = Workspace.Staging });
        var calls = new (string Tool, JsonObject Arguments, string Outcome)[]
        {
            ("app_settings", new() { ["prefix"] = "" }, "executed"),
            ("orders_by_customer", new() { ["customer"] = "n1" }, "executed"),
            ("list_volumes", [], "executed"),
            ("describe_volume", new() { ["volume"] = Workspace.Shared }, "executed"),
            ("delete_staging_volume", new() { ["volume"] = Workspace.Shared }, "refused"),
            ("describe_access", [], "executed"),
            ("list_proposals", [], "executed"),
            ("get_proposal", new() { ["id"] = id }, "proposed"),
            ("undo_action", new() { ["id"] = id }, "refused"),
            ("undo_action", new() { ["id"] = made["action"]!["id"]!.GetValue<string>() }, "executed"),
            ("withdraw_proposal", new() { ["id"] = id }, "executed"),
            ("get_proposal", new() { ["id"] = id }, "failed"),
            ("get_proposal", new() { ["id"] = "act-000000000000" }, "refused"),
        };
        foreach (var (tool, arguments, outcome) in calls)
        {
            var answer = await session.CallRaw(tool, arguments);
            Conforming(list, tool, answer)["outcome"]!.GetValue<string>().Should().Be(outcome, answer.ToJsonString());
        }
    }

    [Fact]
    public async Task Modern_WithoutMeta_IsRefusedAndServedOn()
    {
        await using var session = RawSession.Start(_workspace);
        await session.SendLine("""{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"list_volumes","arguments":{},"_meta":{"io.modelcontextprotocol/protocolVersion":"1999-01-01","io.modelcontextprotocol/clientCapabilities":{}}}}""");
        (await session.Answer(5))["error"]!["code"]!.GetValue<int>().Should().Be(-32022, "that version does not exist");
        await session.Greet(RawSession.Modern);
        (await session.ToolNames()).Should().Contain("list_volumes");
    }

    /// <summary>The structured content, held against the declared schema and the copy in text.</summary>
    private static JsonObject Conforming(JsonNode list, string tool, JsonObject response)
    {
        var answer = RawSession.Structured(response);
        var schema = list["tools"]!.AsArray().Single(one => one!["name"]!.GetValue<string>() == tool)!["outputSchema"]!;
        OutputSchema.Faults(schema, answer).Should().BeEmpty();
        var text = response["result"]!["content"]![0]!["text"]!.GetValue<string>();
        JsonNode.DeepEquals(JsonNode.Parse(text), answer).Should().BeTrue();
        (response["result"]!["isError"]?.GetValueKind() == JsonValueKind.True).Should().Be(answer["outcome"]!.GetValue<string>() is "refused" or "failed" or "unknown");
        return answer;
    }
}
