using System.Net.Sockets;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Serving;

/// <summary>What a person may get wrong about the socket, at either end of it.</summary>
public sealed class SocketPathTests(TwoUsers users) : IClassFixture<TwoUsers>
{
    [Fact]
    public async Task Serve_WhereALivingServerAnswers_RefusesAndDisturbsNobody()
    {
        using var ground = await SocketGround.Create(users);
        await using var server = await ground.Serve();

        var ended = await ground.Fail();

        ended.ExitCode.Should().Be(2, ended.All);
        ended.Error.Should().Contain($"A server answers at {ground.Socket} already. Stop it first, or choose another path.");
        await using var agent = ground.Connect();
        await agent.Greet("2025-11-25");
    }

    [Fact]
    public async Task Serve_WhereADeadServerLeftItsSocket_TakesItOver()
    {
        using var ground = await SocketGround.Create(users);
        await using (var dead = await ground.Serve())
        {
            await dead.Kill();
        }

        Path.Exists(ground.Socket).Should().BeTrue();
        var nobody = ground.Connect();
        await using var _ = nobody;
        (await nobody.Exit()).Should().Be(2);
        nobody.StandardError.Should().Contain($"No server answers at {ground.Socket}").And.Contain("systemctl start");
        nobody.Lines.Should().BeEmpty();

        await using var server = await ground.Serve();
        await using var agent = ground.Connect();
        await agent.Greet("2025-11-25");
    }

    [Fact]
    public async Task Serve_WhereThePathIsAFile_LeavesItAlone()
    {
        using var ground = await SocketGround.Create(users);
        await File.WriteAllTextAsync(ground.Socket, "mine");
        var ended = await ground.Fail();

        ended.ExitCode.Should().Be(2, ended.All);
        ended.Error.Should().Contain("is no socket, so it is left alone. Choose another path");
        (await File.ReadAllTextAsync(ground.Socket)).Should().Be("mine");
    }

    [Fact]
    public async Task Serve_WhereTheSocketIsAnotherUsers_LeavesItAlone()
    {
        using var ground = await SocketGround.Create(users);
        using (var other = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            other.Bind(new UnixDomainSocketEndPoint(ground.Socket));
            var ended = await ground.Fail();
            ended.ExitCode.Should().Be(2, ended.All);
            ended.Error.Should().Contain("belongs to root, user 0");
            Path.Exists(ground.Socket).Should().BeTrue();
        }
    }

    [Fact]
    public async Task Path_TooLong_IsSaidAtBothEnds()
    {
        using var ground = await SocketGround.Create(users);
        var path = Path.Combine(ground.SocketFolder, new string('s', 120));
        var (serving, connecting) = (await ground.Fail(path), await ground.Workspace.Run("connect", $"unix:{path}"));
        foreach (var ended in new[] { serving, connecting })
        {
            ended.ExitCode.Should().Be(2, ended.All);
            ended.Error.Should().MatchRegex("The socket's path has \\d+ bytes, and the system allows 107").And.Contain("Choose a shorter one");
            ended.Output.Should().BeEmpty();
        }
    }

    [Fact]
    public async Task Serve_WithoutTheSocketsFolder_SaysToMakeIt()
    {
        using var ground = await SocketGround.Create(users);
        var ended = await ground.Fail(Path.Combine(ground.SocketFolder, "none", "s.sock"));
        ended.ExitCode.Should().Be(2, ended.All);
        ended.Error.Should().Contain("There is no folder").And.Contain("Make it");
    }

    [Theory]
    [InlineData("--principal", "watcher")]
    [InlineData("--stdio")]
    public async Task Serve_SocketWithWhatSaysWhoTheClientIs_IsAMistake(params string[] more)
    {
        using var workspace = Workspace.Create();
        var ended = await workspace.Run(["serve", "--socket", "/tmp/s.sock", .. more]);
        ended.ExitCode.Should().Be(2, ended.All);
        ended.Error.Should().Contain($"{more[0]} does not go together with --socket");
    }

    [Fact]
    public async Task Serve_BeforeAnythingIsAccepted_RefusesASocket()
    {
        using var workspace = Workspace.Create();
        var folder = Path.Combine(workspace.Folder, "run");
        Directory.CreateDirectory(folder);
        var ended = await SafeToolsProgram.Run(SafeToolsProgram.Start(
            [SafeToolsProgram.CommandLine([])[0], Path.Combine(users.Program, "safetools.dll"), "serve", "--socket", Path.Combine(folder, "s"), .. workspace.Options], workspace.Folder));
        ended.ExitCode.Should().Be(3, ended.All);
        ended.Error.Should().StartWith("ST1204");
    }

    [Theory]
    [InlineData("root", "who is root")]
    [InlineData("SERVER", "who is the user that serves")]
    [InlineData("AGENT] , grants: [\"read:*@staging\"] }\n  second: { os_users: [NUMBER", "several principals")]
    [InlineData("nobodyofthatname", "names no user of this system")]
    public async Task Serve_WithUsersThatCannotBe_SaysWhich(string written, string words)
    {
        var text = written.Replace("SERVER", users.Server, StringComparison.Ordinal).Replace("AGENT", users.Agent, StringComparison.Ordinal)
            .Replace("NUMBER", (await TwoUsers.Number(users.Agent)).ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        using var ground = await SocketGround.Create(users, "nobody");
        ground.Workspace.Edit("  local:\n    os_users: [nobody]\n", $"  first: {{ os_users: [{text}], grants: [\"read:*@staging\"] }}\n  local:\n");
        await ground.Accept();
        var ended = await ground.Fail();
        ended.ExitCode.Should().Be(2, ended.All);
        ended.Error.Should().Contain(words).And.Contain("safetools accept");
    }

    [Theory]
    [InlineData("unix:/tmp/there-is-no-such.sock", "There is no")]
    [InlineData("unix:/etc/passwd", "/etc/passwd is no socket but a file")]
    [InlineData("unix:/etc", "/etc is no socket but a folder")]
    [InlineData("unix:", "is no address")]
    [InlineData("ftp://x", "is no address: write unix:")]
    public async Task Connect_WhereNoServerIs_SaysSoInOneSentence(string address, string words)
    {
        using var workspace = Workspace.Create();
        var ended = await workspace.Run("connect", address);
        ended.ExitCode.Should().Be(2, ended.All);
        ended.Error.Should().Contain(words);
        ended.Error.TrimEnd().Should().NotContain("\n").And.NotContain("   at ");
        ended.Output.Should().BeEmpty();
    }

    [Fact]
    public async Task Connect_ToAFolderThatLetsNobodyThrough_SaysSo()
    {
        using var ground = await SocketGround.Create(users);
        await using var server = await ground.Serve();
        File.SetUnixFileMode(ground.SocketFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using var agent = ground.Connect();
        (await agent.Exit()).Should().Be(2);
        agent.StandardError.Should().Contain("This user may not reach");
    }

    /// <summary>What starts with every editor must be light: neither the SDK, nor SQLite, nor the host.</summary>
    [Fact]
    public async Task Connect_Connected_HasLoadedNoServer()
    {
        using var ground = await SocketGround.Create(users);
        await using var server = await ground.Serve();
        await using var agent = ground.Connect();
        await agent.Greet("2025-11-25");
        var loaded = await File.ReadAllTextAsync($"/proc/{agent.ProcessId}/maps");
        loaded.Should().Contain("safetools.dll");
        foreach (var heavy in new[] { "ModelContextProtocol", "Sqlite", "e_sqlite3", "Microsoft.Extensions.Hosting", "YamlDotNet" })
        {
            loaded.Should().NotContain(heavy);
        }
    }

    [Fact]
    public async Task Connect_WhereNobodyIsLetInJustNow_SaysTryAgain()
    {
        using var workspace = Workspace.Create();
        var path = Path.Combine(workspace.Folder, "s.sock");
        using var listening = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listening.Bind(new UnixDomainSocketEndPoint(path));
        listening.Listen(1);
        var waiting = new List<Socket>();
        try
        {
            var full = false;
            while (!full)
            {
                waiting.Add(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false });
                try
                {
                    waiting[^1].Connect(new UnixDomainSocketEndPoint(path));
                }
                catch (SocketException no)
                {
                    no.SocketErrorCode.Should().Be(SocketError.WouldBlock);
                    full = true;
                }
            }

            var ended = await workspace.Run("connect", $"unix:{path}");
            ended.ExitCode.Should().Be(2, ended.All);
            ended.Error.Should().Contain($"The server at {path} is busy; try again.");
        }
        finally
        {
            waiting.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task Connect_AtATerminal_SaysThatItWaitsForAClient()
    {
        using var ground = await SocketGround.Create(users);
        await using var server = await ground.Serve();
        var ended = await Typist.Run(ground.Workspace, ["connect", $"unix:{ground.Socket}"]);
        ended.ExitCode.Should().Be(3, "root is no client");
        ended.Output.Should().Contain("Waiting for an MCP client on standard input").And.Contain("refused: ST1206");
    }
}
