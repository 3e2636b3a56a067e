using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Serving;

/// <summary>A socket server does not start where another user could change what it believes.</summary>
public sealed class ReachTests(TwoUsers users) : IClassFixture<TwoUsers>
{
    [Theory]
    [InlineData("chown AGENT GROUND/workspace/safetools.yaml", "The policy", "belongs to AGENT")]
    [InlineData("chmod g+w GROUND/workspace/safetools.yaml", "The policy", "chmod go-w")]
    [InlineData("chmod o+w GROUND/workspace", "The policy", "chmod go-w")]
    [InlineData("chmod 1777 GROUND/workspace", "The policy", "Choose a folder of the server's own")]
    [InlineData("chown AGENT GROUND/workspace/tool-specs/scratch/delete_scratch_volume.yaml", "The folder of tool specs", "belongs to AGENT")]
    [InlineData("chmod g+w GROUND/workspace/tool-specs/scratch", "The folder of tool specs", "chmod go-w")]
    [InlineData("chmod g+w GROUND", "The state folder", "chmod go-w")]
    [InlineData("chown AGENT GROUND", "The state folder", "belongs to AGENT")]
    [InlineData("mkdir -m 777 GROUND/open && mv GROUND/state GROUND/open/state && ln -s GROUND/open/state GROUND/state2", "The state folder", "Choose a folder of the server's own", "GROUND/open/state")]
    [InlineData("chown AGENT GROUND/deploy/production.env", "The evidence of ", "belongs to AGENT")]
    [InlineData("chmod g+w GROUND/deploy", "The evidence of ", "chmod go-w")]
    [InlineData("chown AGENT GROUND/elsewhere", "The evidence of ", "belongs to AGENT")]
    [InlineData("chown AGENT GROUND/staging.db", "The evidence of ", "belongs to AGENT")]
    [InlineData("chown AGENT GROUND/run", "The socket's folder", "belongs to AGENT")]
    [InlineData("chmod 1777 GROUND/run", "The socket's folder", "Choose a folder of the server's own")]
    [InlineData("chown root GROUND/run && chmod g+w GROUND/run", "The socket's folder", "Choose a folder of the server's own")]
    [InlineData("d=GROUND/workspace/tool-specs/1/2/3/4/5/6/7/8 && mkdir -p $d && ln -s GROUND/workspace/tool-specs $d/round && touch $d/x && chmod -R u=rwX,go=rX GROUND/workspace && chmod o+w $d/x", "The folder of tool specs", "/8/x may be written")]
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
        ended.Error.Should().StartWith($"ST1807 {what}").And.Contain(Fill(next, ground)).And.MatchRegex("Run: ch|Choose a folder");
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
        ended.Error.Should().StartWith("ST1806").And.Contain("belongs to another user").And.Contain("Run the command as the user who owns")
            .And.Contain($"{ground.Workspace.State} belongs to {users.Server}");
        Directory.GetFileSystemEntries(ground.Workspace.State).Should().BeEquivalentTo(before);
    }

    /// <summary>Nobody types a passphrase twice to read then that it was for nothing.</summary>
    [Fact]
    public async Task Enroll_WhereTheConfigurationIsNotTheUsersToWrite_SaysSoBeforeItAsks()
    {
        using var ground = await SocketGround.Create(users);
        await TwoUsers.Own("root", ground.Workspace.ConfigurationFile);
        var ended = await TwoUsers.Run(users.SafeTools(users.Server, ["approvers", "enroll", "eve", .. ground.Workspace.Options]));
        ended.ExitCode.Should().Be(2, ended.All);
        ended.Error.Should().Contain($"cannot write {ground.Workspace.ConfigurationFile}").And.NotContain("passphrase");
        File.Exists(Path.Combine(ground.Workspace.Locations.Keys, "eve.json")).Should().BeFalse();
    }

    [Fact]
    public async Task Enroll_WhereTheConfigurationIsTakenAwayMeanwhile_LeavesNoKey()
    {
        using var ground = await SocketGround.Create(users);
        await using var typist = Typist.Start(ground.Workspace, words => TwoUsers.As(users.Server, [words[0], Path.Combine(users.Program, "safetools.dll"), .. words.Skip(2)]), "approvers", "enroll", "eve");
        await typist.Answer("for the new key:", Human.Passphrase);
        await typist.Answer("The same again:", Human.Passphrase, () => TwoUsers.Own("root", ground.Workspace.ConfigurationFile));
        var ended = await typist.End();
        ended.ExitCode.Should().Be(2, ended.Output);
        ended.Output.Should().Contain("could not be read or written");
        Directory.GetFiles(ground.Workspace.Locations.Keys).Select(Path.GetFileName).Should().NotContain("eve.json");
    }

    [Fact]
    public async Task AnyVerb_OfAUserWithoutAHome_AsksForThePlaces()
    {
        using var ground = await SocketGround.Create(users);
        string[] program = [.. TwoUsers.As("54321", [SafeToolsProgram.CommandLine([])[0], Path.Combine(users.Program, "safetools.dll")])];
        foreach (var (words, said) in new (string[], string)[] { (["approvers", "list"], "with --config"), (["check"], "with --config"), (["approvers", "list", "--config", "/srv/safetools.yaml"], "with --state") })
        {
            var ended = await SafeToolsProgram.Run(SafeToolsProgram.Start([.. program, .. words], "/", [new("HOME", ""), new("TMPDIR", "/tmp")]));
            ended.ExitCode.Should().Be(2, ended.All);
            ended.Error.Should().Contain("has no home folder").And.Contain(said);
        }
    }

    private string Fill(string text, SocketGround ground) =>
        text.Replace("GROUND", ground.Workspace.Folder, StringComparison.Ordinal).Replace("AGENT", users.Agent, StringComparison.Ordinal);
}
