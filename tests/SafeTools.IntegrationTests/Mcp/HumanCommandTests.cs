using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Mcp;

/// <summary>The command that an agent passes on, typed by a human who knows nothing else.</summary>
public sealed class HumanCommandTests : IDisposable
{
    private readonly Workspace _workspace = Workspace.Create();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task HumanCommand_OfAStoreElsewhere_ReachesItFromAnyFolder()
    {
        using var human = await Human.Genesis(_workspace);
        await using var agent = await RawSession.Open(_workspace);
        var proposed = await agent.Call("delete_scratch_volume", new JsonObject { ["volume"] = Workspace.Staging });
        var id = proposed["action"]!["id"]!.GetValue<string>();
        var command = proposed["human_command"]!.GetValue<string>();
        command.Should().Be($"safetools proposals approve {id} --state {_workspace.State}");

        // Looking at it needs no key and takes the same way to the store.
        var words = command.Replace("approve", "show", StringComparison.Ordinal).Split(' ')[1..];
        var shown = await SafeToolsProgram.Run(SafeToolsProgram.Start(SafeToolsProgram.CommandLine(words), "/", [new("HOME", Path.Combine(_workspace.Folder, "nobody"))]));
        shown.ExitCode.Should().Be(0, shown.All);
        shown.Output.Should().Contain(id);

        var undo = await agent.Call("undo_action", new JsonObject { ["id"] = id });
        undo["code"]!.GetValue<string>().Should().Be("ST1410");
        undo["message"]!.GetValue<string>().Should().Contain($"{id} is pending").And.NotContain("undone already");
    }
}
