using System.Text.Json.Nodes;
using SafeTools.Server.Mcp;
using SafeTools.Tests.Support;

namespace SafeTools.Tests;

/// <summary>Who mends what a read found: the asker's own tool, or a human.</summary>
public sealed class PipelineNextTests : IAsyncLifetime
{
    private Installation _here = null!;

    public async Task InitializeAsync() => _here = await Installation.Start();

    public async Task DisposeAsync() => await _here.DisposeAsync();

    [Fact]
    public async Task Run_ReadThatNamesAnOperation_GivesTheAskersToolOfIt() =>
        (await Answer("sample.label"))["next_tool"]!.GetValue<string>().Should().Be("label");

    [Fact]
    public async Task Run_AskerHasNoToolOfIt_SaysThatAHumanMust()
    {
        var answer = await Answer("sample.label", "second");
        answer.ContainsKey("next_tool").Should().BeFalse("'second' may only read");
        answer["message"]!.GetValue<string>().Should().Contain("sample.label").And.Contain("a human must");
        answer["human_command"]!.GetValue<string>().Should().Be("safetools accept");
    }

    [Fact]
    public async Task Run_ToolOfItIsForAnotherResource_GivesNone() => (await Answer("sample.snapshot")).ContainsKey("next_tool").Should().BeFalse();

    [Fact]
    public async Task Run_NoSpecOfIt_GivesNone() => (await Answer("sample.tweak")).ContainsKey("next_tool").Should().BeFalse();

    [Fact]
    public async Task Run_NothingComesNext_SaysNothing()
    {
        var answer = await Answer(null);
        answer.ContainsKey("next_tool").Should().BeFalse();
        answer.ContainsKey("human_command").Should().BeFalse();
    }

    private async Task<JsonObject> Answer(string? operation, string principal = "local")
    {
        _here.Provider.OnExecute = (_, _) => Task.FromResult<Execution>(SampleProvider.Done() with { NextOperation = operation });
        var result = Answers.Of(await _here.Call("look", principal: principal));
        return JsonNode.Parse(result.StructuredContent!.Value.GetRawText())!.AsObject();
    }
}
