using System.Globalization;
using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Serving;

/// <summary>Two real users of the system: one serves, the other is the agent.</summary>
public sealed class LocalUserTests(TwoUsers users) : IClassFixture<TwoUsers>
{
    [Fact]
    public async Task Agent_OfAnotherUser_HasItsToolsAndReachesNothingElse()
    {
        using var ground = await SocketGround.Create(users);
        await using var server = await ground.Serve([new("STAGING_TOKEN", "canary-of-the-server")]);
        await using var agent = ground.Connect();
        await agent.Greet("2025-11-25");

        (await agent.ToolNames()).Should().Contain(["query_staging_db", "delete_volume"]);
        (await agent.Call("query_staging_db", new JsonObject { ["sql"] = "select count(*) as n from orders" }))["outcome"]!.GetValue<string>().Should().Be("executed");
        (await agent.Call("delete_volume", new JsonObject { ["volume"] = Workspace.Shared }))["outcome"]!.GetValue<string>().Should().Be("proposed");

        var process = server.ProcessId.ToString(CultureInfo.InvariantCulture);
        var key = Directory.GetFiles(ground.Workspace.Locations.Keys).Single();
        string[] attacks =
        [
            $"cat {ground.Workspace.StoreFile}", $"ls {ground.Workspace.State}", $"cat {key}",
            $"echo x >> {ground.Workspace.ConfigurationFile}", $"mv {Path.GetDirectoryName(ground.Workspace.ConfigurationFile)} /tmp/moved{process}", $"touch {Path.GetDirectoryName(ground.Workspace.ConfigurationFile)}/tool-specs/mine.yaml",
            $"echo x >> {Path.Combine(users.Program, "safetools.dll")}", $"rm -f {Path.Combine(users.Program, "safetools.dll")}",
            $"rm -f {ground.Socket}", $"mv {ground.Socket} {ground.Socket}2", $"touch {ground.SocketFolder}/other",
            $"kill -STOP {process}", $"kill -0 {process}", $"cat /proc/{process}/environ", $"cat /proc/{process}/maps", $"head -c 1 /proc/{process}/mem", $"ls /proc/{process}/fd", $"ls -l /proc/{process}/cwd/",
        ];
        foreach (var attack in attacks)
        {
            var ended = await TwoUsers.RunAs(users.Agent, "sh", "-c", attack);
            ended.ExitCode.Should().NotBe(0, attack);
            ended.All.Should().NotContain("canary-of-the-server").And.MatchRegex("(?i)denied|not permitted|cannot", attack);
        }

        // The same files are there, for whoever may read them.
        (await TwoUsers.RunAs(users.Server, "cat", ground.Workspace.StoreFile, key, ground.Workspace.ConfigurationFile)).ExitCode.Should().Be(0);
        (await agent.Call("query_staging_db", new JsonObject { ["sql"] = "select 1 as one" }))["outcome"]!.GetValue<string>().Should().Be("executed");
        (await agent.HangUp()).Should().Be(0);
        agent.StandardError.Should().BeEmpty();
    }

    /// <summary>Nobody else of the same user, root's own file rules apart, sees into the server either.</summary>
    [Fact]
    public async Task Server_SeenByAnotherProcessOfItsOwnUser_ShowsNeitherMemoryNorEnvironment()
    {
        using var ground = await SocketGround.Create(users);
        await using var server = await ground.Serve();
        foreach (var file in new[] { "environ", "maps", "mem" })
        {
            (await TwoUsers.RunAs(users.Server, "head", "-c", "1", $"/proc/{server.ProcessId}/{file}")).ExitCode.Should().NotBe(0, file);
        }
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("server")]
    public async Task Connect_UserThatThePolicyDoesNotName_IsRefused(string who)
    {
        using var ground = await SocketGround.Create(users);
        await using var server = await ground.Serve();
        var ended = await SafeToolsProgram.Run(SafeToolsProgram.Start(
            TwoUsers.As("nobody", []) is var prefix && who == "nobody"
                ? ["setpriv", "--reuid=nobody", "--clear-groups", "--", .. users.SafeTools(users.Agent, "connect", $"unix:{ground.Socket}")[prefix.Length..]]
                : users.SafeTools(users.Server, "connect", $"unix:{ground.Socket}"),
            "/tmp",
            [new("TMPDIR", "/tmp")]));

        ended.ExitCode.Should().Be(3, ended.All);
        ended.Output.Should().BeEmpty();
        ended.Error.Should().Contain("refused: ST1206").And.Contain("os_users");
    }

    [Fact]
    public async Task Accept_ThatRemovesTheUser_EndsItsAccessOnOpenConnectionsToo()
    {
        using var ground = await SocketGround.Create(users);
        await using var server = await ground.Serve();
        await using var agent = ground.Connect();
        await agent.Greet("2025-11-25");
        (await agent.Call("query_staging_db", new JsonObject { ["sql"] = "select 1 as one" }))["outcome"]!.GetValue<string>().Should().Be("executed");

        ground.Workspace.Edit($"os_users: [{users.Agent}]", "os_users: [nobody]");
        await ground.Accept();

        (await agent.Exit()).Should().Be(1);
        agent.StandardError.Should().Contain("hung up");
        await using var again = ground.Connect();
        (await again.Exit()).Should().Be(3);
        again.StandardError.Should().Contain("ST1206");
        server.HasEnded.Should().BeFalse();
    }

    [Fact]
    public async Task Clients_Several_EachAreAnsweredWhateverOneOfThemDoes()
    {
        using var ground = await SocketGround.Create(users);
        await using var server = await ground.Serve();
        await using var rude = ground.Connect();
        await using var first = ground.Connect();
        await using var second = ground.Connect();
        await rude.SendBytes([.. Enumerable.Repeat((byte)'[', 2 * 1024 * 1024), (byte)'\n']);
        await rude.Begin("tools/call", new JsonObject { ["name"] = "query_staging_db", ["arguments"] = new JsonObject { ["sql"] = "select 1 as one" } });
        await rude.Kill();
        foreach (var client in new[] { first, second })
        {
            await client.Greet("2025-11-25");
            (await client.Call("query_staging_db", new JsonObject { ["sql"] = "select 1 as one" }))["outcome"]!.GetValue<string>().Should().Be("executed");
        }

        (await first.HangUp()).Should().Be(0);
        (await second.ToolNames()).Should().NotBeEmpty();
        server.HasEnded.Should().BeFalse();
    }

    /// <summary>Hundreds of connections of a user that the policy does not name take neither files nor the log from those who are served.</summary>
    [Fact]
    public async Task Connections_ManyOfAStranger_KeepNobodyOut()
    {
        using var ground = await SocketGround.Create(users);
        await using var server = await ground.Serve();
        const string Script = """
            use IO::Socket::UNIX; my @all; my $end = time + 4;
            while (time < $end) { my $one = IO::Socket::UNIX->new(Type => SOCK_STREAM, Peer => $ARGV[0]); push @all, $one if $one; select(undef, undef, undef, 0.005); }
            print scalar @all;
            """;
        var before = Directory.GetFiles($"/proc/{server.ProcessId}/fd").Length;
        var flood = TwoUsers.Run("setpriv", "--reuid=nobody", "--clear-groups", "--", "perl", "-e", Script, ground.Socket);
        await using var agent = ground.Connect();
        await agent.Greet("2025-11-25");
        (await agent.Call("query_staging_db", new JsonObject { ["sql"] = "select 1 as one" }))["outcome"]!.GetValue<string>().Should().Be("executed");
        const int held = 60;
        Directory.GetFiles($"/proc/{server.ProcessId}/fd").Length.Should().BeLessThan(before + held);

        int.Parse((await flood).Output, CultureInfo.InvariantCulture).Should().BeGreaterThan(200, "it was a flood");
        server.HasEnded.Should().BeFalse();
        server.StandardError.Split('\n').Count(line => line.Contains("ST1206", StringComparison.Ordinal)).Should().BeLessThanOrEqualTo(1);
    }

    /// <summary>One user may have 32 connections; those that never speak are let go after ten seconds.</summary>
    [Fact]
    public async Task Connections_ManyOfOneUserAndSilent_AreBounded()
    {
        using var ground = await SocketGround.Create(users);
        await using var server = await ground.Serve();
        const string Script = """
            use IO::Socket::UNIX; my @all;
            for (1..33) { push @all, IO::Socket::UNIX->new(Type => SOCK_STREAM, Peer => $ARGV[0]) or die "no: $!"; }
            for my $one (@all) { my $line = <$one>; print $line if defined $line; }
            print "let go";
            """;
        var ended = await TwoUsers.RunAs(users.Agent, "perl", "-e", Script, ground.Socket);

        ended.Error.Should().BeEmpty();
        ended.Output.Should().Contain("ST1207").And.EndWith("let go");
    }
}
