using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Clients;

/// <summary>The TypeScript SDK's clients, 1.x and 2.x, as editors embed them.</summary>
public sealed class TypeScriptClientTests : IAsyncLifetime
{
    private const string Page = "https://safetools.example/console";
    private readonly Workspace _workspace = Workspace.Create();
    private Human _human = null!;

    public static TheoryData<string, string> Clients => new() { { "v1", "legacy" }, { "v2", "legacy" }, { "v2", "modern" } };

    public static TheoryData<string, string, string> Doorbells
    {
        get
        {
            var all = new TheoryData<string, string, string>();
            foreach (var answer in new[] { "accept", "decline", "cancel", "garbage", "never" })
            {
                all.Add("v1", "legacy", answer);
                all.Add("v2", "legacy", answer);
            }

            return all;
        }
    }

    public async Task InitializeAsync()
    {
        _workspace.Edit("tools: ./tool-specs\n", $"tools: ./tool-specs\npolicy: {{ console: \"{Page}\" }}\n");
        _human = await Human.Genesis(_workspace);
    }

    public Task DisposeAsync()
    {
        _human.Dispose();
        _workspace.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Client_ThatCannotBeRung_ListsReadsIsRefusedAndProposes(string sdk, string era)
    {
        var seen = await NodeClients.Walk(_workspace, sdk, era, "none", [
            Step("tools"),
            Step("call", "query_staging_db", new() { ["sql"] = "select value from settings" }),
            Step("call", "delete_staging_volume", new() { ["volume"] = Workspace.Shared }),
            Step("call", "delete_scratch_volume", new() { ["volume"] = Workspace.Staging }),
            Step("call", "get_proposal", new() { ["id"] = "$id", ["wait_seconds"] = 1 }),
            Step("call", "no_such_tool", []),
        ]);

        var tools = Said(seen, "tools").Single()["tools"]!.AsArray();
        var delete = tools.Single(tool => tool!["name"]!.GetValue<string>() == "delete_scratch_volume")!;
        delete["title"]!.GetValue<string>().Should().StartWith("[staging · irreversible] ");
        delete["annotations"]!["destructiveHint"]!.GetValue<bool>().Should().BeTrue();
        delete["_meta"]!["dev.safetools/environment"]!.GetValue<string>().Should().Be("staging");
        delete["_meta"]!["dev.safetools/effect"]!.GetValue<string>().Should().Be("irreversible");
        delete["_meta"]!["dev.safetools/confirmation"]!.GetValue<string>().Should().Be("human");
        tools.Select(tool => tool!["name"]!.GetValue<string>()).Should().NotContain("purge_volume", "it is not granted");

        var answers = Said(seen, "answer").ToArray();
        answers.Select(Outcome).Should().Equal("executed", "refused", "proposed", "proposed");
        answers.Select(answer => answer["isError"]!.GetValue<bool>()).Should().Equal(false, true, false, false);
        answers[0]["content"]!["data"]!["rows"]!.ToJsonString().Should().Be("""[["orders-data"]]""");
        answers[1]["content"]!["code"]!.GetValue<string>().Should().Be("ST1301");
        answers[2]["content"]!["action"]!["effect"]!.GetValue<string>().Should().Be("irreversible");
        answers[2]["content"]!["human_page"]!.GetValue<string>().Should().Be(Page);
        Said(seen, "error").Single()["code"]!.GetValue<int>().Should().Be(-32602);
        Said(seen, "rung").Should().BeEmpty("the client did not say that it can");
        Directory.Exists(_workspace.Volume(Workspace.Staging)).Should().BeTrue();
    }

    [Theory]
    [MemberData(nameof(Doorbells))]
    public async Task Doorbell_WhateverTheClientAnswers_DecidesNothing(string sdk, string era, string answer)
    {
        var seen = await NodeClients.Walk(_workspace, sdk, era, answer, [
            Step("call", "query_staging_db", new() { ["sql"] = "select 1" }),
            Step("call", "delete_scratch_volume", new() { ["volume"] = Workspace.Staging }),
            Step("rung"),
            Step("call", "delete_scratch_volume", new() { ["volume"] = Workspace.Staging }),
            Step("call", "get_proposal", new() { ["id"] = "$id", ["wait_seconds"] = 1 }),
        ]);

        Said(seen, "answer").Select(Outcome).Should().Equal("executed", "proposed", "proposed", "proposed");
        Ids(seen).Distinct().Should().ContainSingle("it is the same proposal throughout");
        var rung = Said(seen, "rung").Should().ContainSingle("once for each proposal").Subject["params"]!;
        Harmless(rung, Ids(seen).First());
        rung["elicitationId"]!.GetValue<string>().Should().NotBeNullOrEmpty();
        await NothingDecided(Ids(seen).First());
    }

    /// <summary>Without requests to the client the bell takes the place of a wait, never that of the answer that holds the proposal.</summary>
    [Theory]
    [InlineData("accept")]
    [InlineData("decline")]
    [InlineData("cancel")]
    [InlineData("garbage")]
    public async Task DoorbellOfTheModernEra_WhateverTheClientAnswers_DecidesNothing(string answer)
    {
        var seen = await NodeClients.Walk(_workspace, "v2", "modern", answer, [
            Step("call", "delete_scratch_volume", new() { ["volume"] = Workspace.Staging }),
            Step("call", "get_proposal", new() { ["id"] = "$id", ["wait_seconds"] = 1 }),
            Step("call", "get_proposal", new() { ["id"] = "$id", ["wait_seconds"] = 1 }),
            Step("call", "delete_scratch_volume", new() { ["volume"] = Workspace.Staging }),
        ]);

        var answers = Said(seen, "answer").ToArray();
        answers.Should().OnlyContain(one => Outcome(one) == "proposed");
        Ids(seen).Distinct().Should().ContainSingle();
        seen[0]["what"]!.GetValue<string>().Should().Be("answer", "the agent holds its proposal before anybody is rung");
        Harmless(Said(seen, "rung").Should().ContainSingle("once for each proposal").Subject["params"]!, Ids(seen).First());
        await NothingDecided(Ids(seen).First());
    }

    [Fact]
    public async Task DoorbellOfTheModernEra_NeverAnswered_CostsTheAgentNoMoreThanTheWait()
    {
        var seen = await NodeClients.Walk(_workspace, "v2", "modern", "never", [
            Step("call", "delete_scratch_volume", new() { ["volume"] = Workspace.Staging }),
            Step("try", "get_proposal", new() { ["id"] = "$id", ["wait_seconds"] = 1 }),
            Step("call", "get_proposal", new() { ["id"] = "$id" }),
            Step("call", "query_staging_db", new() { ["sql"] = "select 1" }),
        ]);

        seen.Select(one => one["what"]!.GetValue<string>()).Should().Equal("answer", "rung", "unanswered", "answer", "answer", "version");
        Said(seen, "answer").Select(Outcome).Should().Equal("proposed", "proposed", "executed");
        await NothingDecided(Ids(seen).First());
    }

    private static void Harmless(JsonNode rung, string id)
    {
        rung["mode"]!.GetValue<string>().Should().Be("url");
        rung["url"]!.GetValue<string>().Should().Be(Page);
        rung.ToJsonString().Should().NotContain(id).And.NotContain(Workspace.Staging);
    }

    private async Task NothingDecided(string id)
    {
        var action = await _workspace.Action(id);
        action.Status.Should().Be(ActionStatus.Pending);
        (await _workspace.Audit()).Select(entry => entry.Kind).Should().NotContain(kind => kind.StartsWith("decision.", StringComparison.Ordinal));
        Directory.Exists(_workspace.Volume(Workspace.Staging)).Should().BeTrue();
    }

    private static JsonArray Step(string step) => new JsonArray(step);

    private static JsonArray Step(string step, string tool, JsonObject arguments) => new JsonArray(step, tool, arguments);

    private static IEnumerable<JsonObject> Said(IEnumerable<JsonObject> seen, string what) => seen.Where(one => one["what"]!.GetValue<string>() == what);

    private static IEnumerable<string> Ids(IEnumerable<JsonObject> seen) => Said(seen, "answer").Select(one => one["content"]!["action"]?["id"]?.GetValue<string>()).OfType<string>();

    private static string Outcome(JsonObject answer) => answer["content"]!["outcome"]!.GetValue<string>();
}
