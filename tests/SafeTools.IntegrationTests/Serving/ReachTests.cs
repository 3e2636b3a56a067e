using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Serving;

/// <summary>A socket server does not start where another user could change what it believes.</summary>
public sealed class ReachTests(TwoUsers users) : IClassFixture<TwoUsers>
{
    [Theory]
    [InlineData("chown AGENT GROUND/workspace/safetools.yaml", "The policy", "belongs to AGENT")]
    [InlineData("chmod g+w GROUND/workspace/safetools.yaml", "The policy", "chmod go-w")]
    [InlineData("chmod o+w GROUND/workspace", "The policy", "chmod go-w")]
    [InlineData("chmod 1777 GROUND/workspace", "The policy", "chmod go-w")]
    [InlineData("chown AGENT GROUND/workspace/tool-specs/scratch/delete_scratch_volume.yaml", "The folder of tool specs", "belongs to AGENT")]
    [InlineData("chmod g+w GROUND/workspace/tool-specs/scratch", "The folder of tool specs", "chmod go-w")]
    [InlineData("chmod g+w GROUND", "The state folder", "chmod go-w")]
    [InlineData("chown AGENT GROUND", "The state folder", "belongs to AGENT")]
    [InlineData("mkdir -m 777 GROUND/open && mv GROUND/state GROUND/open/state && ln -s GROUND/open/state GROUND/state2", "The state folder", "chmod go-w", "GROUND/open/state")]
    [InlineData("chown AGENT GROUND/deploy/production.env", "The evidence of ", "belongs to AGENT")]
    [InlineData("chmod g+w GROUND/deploy", "The evidence of ", "chmod go-w")]
    [InlineData("chown AGENT GROUND/elsewhere", "The evidence of ", "belongs to AGENT")]
    [InlineData("chown AGENT GROUND/staging.db", "The evidence of ", "belongs to AGENT")]
    [InlineData("chown AGENT GROUND/run", "The socket's folder", "belongs to AGENT")]
    [InlineData("chmod 1777 GROUND/run", "The socket's folder", "chmod go-w")]
    [InlineData("mkdir GROUND/links && ln -s GROUND/workspace GROUND/links/w && chown -h AGENT GROUND/links/w", "The policy", "belongs to AGENT", "", "GROUND/links/w/safetools.yaml")]
    public async Task Serve_WhereAnotherUserMayWrite_Refuses(string change, string what, string next, string state = "", string configuration = "")
    {
        using var ground = await SocketGround.Create(users);
        (await TwoUsers.Run("sh", "-c", Fill(change, ground))).ExitCode.Should().Be(0);

        string[] options = [
            "--config", configuration.Length > 0 ? Fill(configuration, ground) : ground.Workspace.ConfigurationFile,
            "--state", state.Length > 0 ? Fill(state, ground) : ground.Workspace.State,
        ];
        var ended = await TwoUsers.Run(users.SafeTools(users.Server, ["serve", "--socket", ground.Socket, .. options]));

        ended.ExitCode.Should().Be(3, ended.All);
        ended.Error.Should().StartWith($"ST1807 {what}").And.Contain(Fill(next, ground)).And.Contain("Run: ch");
        ended.Output.Should().BeEmpty();
        Path.Exists(ground.Socket).Should().BeFalse();
    }

    [Fact]
    public async Task Serve_ProgramThatAnotherUserMayWrite_Refuses()
    {
        using var ground = await SocketGround.Create(users);
        var copy = Path.Combine(ground.Workspace.Folder, "program");
        (await TwoUsers.Run("sh", "-c", $"cp -r {users.Program} {copy} && chown {users.Agent} {copy}/SafeTools.Core.dll")).ExitCode.Should().Be(0);

        var ended = await TwoUsers.Run(TwoUsers.As(users.Server, [SafeToolsProgram.CommandLine([])[0], $"{copy}/safetools.dll", "serve", "--socket", ground.Socket, .. ground.Workspace.Options]));

        ended.ExitCode.Should().Be(3, ended.All);
        ended.Error.Should().StartWith("ST1807 The program").And.Contain($"SafeTools.Core.dll belongs to {users.Agent}");
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("audit", "tail")]
    [InlineData("freeze", "watcher")]
    public async Task AnyVerb_OnAnotherUsersState_RefusesAndLeavesNothingThere(params string[] verb)
    {
        using var ground = await SocketGround.Create(users);
        var before = Directory.GetFileSystemEntries(ground.Workspace.State);
        var ended = await ground.Workspace.Run(verb);

        ended.ExitCode.Should().Be(3, ended.All);
        ended.Error.Should().StartWith("ST1806").And.Contain("belongs to another user").And.Contain("Run the command as the user who owns");
        Directory.GetFileSystemEntries(ground.Workspace.State).Should().BeEquivalentTo(before);
    }

    private string Fill(string text, SocketGround ground) =>
        text.Replace("GROUND", ground.Workspace.Folder, StringComparison.Ordinal).Replace("AGENT", users.Agent, StringComparison.Ordinal);
}
