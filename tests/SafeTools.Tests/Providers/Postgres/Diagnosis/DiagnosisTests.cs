using System.Diagnostics;
using System.Globalization;
using Npgsql;
using SafeTools.Clusters;

namespace SafeTools.Tests.Providers.Postgres.Diagnosis;

/// <summary>Every way of being broken is told by its kind, on real servers.</summary>
[Collection(DiagnosisGround.Name)]
public sealed class DiagnosisTests(DiagnosisGround ground)
{
    private string Tools => Looking.Url(ground.Staging, "tools");

    [Fact]
    public async Task Look_WorkingCredential_SaysThatItWorks()
    {
        await using var looking = new Looking(Looking.Url(ground.Staging, await ground.Role()), Tools);
        var answer = (await looking.Look()).Data;
        Looking.Kinds(answer).Should().Equal("works");
        answer["verdict"]!.GetValue<string>().Should().Be("works");
        answer["endpoints"]![0]!["server"]!["environment_markers"]![0]!.GetValue<string>().Should().Be("staging");
        answer["looked"]!["remembered"]!.GetValue<bool>().Should().BeFalse();
    }

    [Fact]
    public async Task Look_WrongPassword_IsToldByWhoIsInside_AndRotationComesNext()
    {
        var role = await ground.Role();
        await using var looking = new Looking(Looking.Url(ground.Staging, role, "another-one"), Tools, rotator: "none");
        var done = await looking.Look();
        Looking.Kinds(done.Data).Should().Equal("wrong-password");
        done.NextOperation.Should().Be("postgres.rotate_credential");
        Looking.Finding(done.Data, "wrong-password")["mend"]!.AsArray().Select(mend => mend!["by"]!.GetValue<string>()).Should().Contain(["agent", "human"]);
    }

    [Fact]
    public async Task Look_WrongPasswordWithoutARotator_NamesNoOperation()
    {
        await using var looking = new Looking(Looking.Url(ground.Staging, await ground.Role(), "another-one"), Tools);
        (await looking.Look()).NextOperation.Should().BeNull();
    }

    [Fact]
    public async Task Look_NobodyInside_DoesNotGuess()
    {
        await using var looking = new Looking(Looking.Url(ground.Staging, await ground.Role(), "another-one"), Looking.Url(ground.Production, "tools"));
        (await looking.Kinds()).Should().Equal("not-let-in");
    }

    [Fact]
    public async Task Look_NoSuchRole_IsToldApartFromAWrongPassword()
    {
        await using var looking = new Looking(Looking.Url(ground.Staging, "nobody_here"), Tools);
        (await looking.Kinds()).Should().Equal("no-such-role");
    }

    [Theory]
    [InlineData("nologin", "login-not-allowed")]
    [InlineData("login valid until '2020-01-01'", "expired")]
    [InlineData("login connection limit 0", "too-many-connections-role")]
    [InlineData("superuser login", "superuser", "works")]
    [InlineData("login createdb createrole", "role-attribute", "works")]
    public async Task Look_RoleWithAttributes_IsToldByThem(string options, params string[] kinds)
    {
        await using var looking = new Looking(Looking.Url(ground.Staging, await ground.Role(options)), Tools);
        (await looking.Kinds()).Should().Equal(kinds);
    }

    [Fact]
    public async Task Look_NologinWithAWrongPassword_IsToldByWhoIsInside()
    {
        await using var looking = new Looking(Looking.Url(ground.Staging, await ground.Role("nologin"), "another-one"), Tools);
        (await looking.Kinds()).Should().Equal("login-not-allowed");
    }

    [Fact]
    public async Task Look_ExpiresSoon_IsAWarning()
    {
        var soon = TimeProvider.System.GetUtcNow().AddDays(2).ToString("O", CultureInfo.InvariantCulture);
        await using var looking = new Looking(Looking.Url(ground.Staging, await ground.Role($"login valid until '{soon}'")), Tools);
        (await looking.Kinds()).Should().Equal("expires-soon", "works");
    }

    [Fact]
    public async Task Look_WrongDatabase_IsTold()
    {
        await using var looking = new Looking(Looking.Url(ground.Staging, await ground.Role(), database: "shopp"), Tools);
        (await looking.Kinds()).Should().Equal("no-such-database");
    }

    [Fact]
    public async Task Look_DatabaseWithoutConnectRight_IsTold()
    {
        await ground.Staging.Run("drop database if exists closed; create database closed; revoke connect on database closed from public");
        await using var looking = new Looking(Looking.Url(ground.Staging, await ground.Role(), database: "closed"), Tools);
        (await looking.Kinds()).Should().Equal("no-connect-right");
    }

    [Fact]
    public async Task Look_DatabaseThatTakesNoConnections_IsTold()
    {
        await ground.Staging.Run("drop database if exists shut; create database shut; alter database shut allow_connections false");
        await using var looking = new Looking(Looking.Url(ground.Staging, await ground.Role(), database: "shut"), Tools);
        (await looking.Kinds()).Should().Equal("database-closed");
    }

    [Fact]
    public async Task Look_FullDatabase_IsTold()
    {
        await ground.Staging.Run("drop database if exists full_up; create database full_up connection limit 0");
        await using var looking = new Looking(Looking.Url(ground.Staging, await ground.Role(), database: "full_up"), Tools);
        (await looking.Kinds()).Should().Equal("too-many-connections-database");
    }

    [Fact]
    public async Task Look_FullServer_IsTold()
    {
        var role = await ground.Role();
        var held = new List<NpgsqlConnection>();
        try
        {
            await FluentActions.Awaiting(async () =>
            {
                while (true)
                    held.Add(await ground.Staging.Open("tools", DiagnosisGround.Password, "shop"));
            }).Should().ThrowAsync<PostgresException>();
            await using var looking = new Looking(Looking.Url(ground.Staging, role), Tools);
            (await looking.Kinds()).Should().Equal("too-many-connections-server");
        }
        finally
        {
            foreach (var connection in held)
                await connection.DisposeAsync();
        }
    }

    [Fact]
    public async Task Look_ServerThatShutsDown_IsTold()
    {
        await using var cluster = await PostgresCluster.Start();
        await using var open = await cluster.Open();
        // A smart shutdown: it waits for the session, and lets nobody else in.
        using (var kill = Process.Start("/bin/kill", ["-TERM", cluster.ProcessId.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        await using var looking = new Looking(Looking.Url(cluster, "postgres", PostgresCluster.Password, "postgres"), Tools);
        IReadOnlyList<string> kinds;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        do
        {
            patience.Token.ThrowIfCancellationRequested();
            kinds = await looking.Kinds();
            looking.Clock.Advance(TimeSpan.FromMinutes(1));
        }
        while (kinds.Contains("works"));
        kinds.Should().Equal("server-not-ready");
    }

    [Fact]
    public async Task Look_HostRules_AreTold()
    {
        await ground.Role(name: "kept_out");
        await using var looking = new Looking(Looking.Url(ground.Staging, "kept_out", parameters: "sslmode=require"), Tools);
        (await looking.Kinds()).Should().Equal("host-rules");
    }

    [Fact]
    public async Task Look_HostRulesThatAskForTls_AreToldApart()
    {
        await ground.Role(name: "only_tls");
        await using var looking = new Looking(Looking.Url(ground.Staging, "only_tls"), Tools);
        (await looking.Kinds()).Should().Equal("tls-required");
    }

    [Fact]
    public async Task Look_MissingSecret_IsTold()
    {
        await using var looking = new Looking(Tools, Tools);
        looking.Remove("application");
        var answer = (await looking.Look()).Data;
        Looking.Kinds(answer).Should().Equal("secret-missing");
        answer["secret"]!["present"]!.GetValue<bool>().Should().BeFalse();
    }

    [Fact]
    public async Task Look_NobodyListens_IsTold()
    {
        int port;
        using (var listener = Listener.Saying(""))
            port = listener.Port;
        (await Elsewhere("127.0.0.1", port)).Should().Equal("connection-refused");
    }

    [Fact]
    public async Task Look_NameWithoutAnAddress_IsTold() => (await Elsewhere("no-such-host.invalid", 5432)).Should().Equal("host-unknown");

    [Fact]
    public async Task Look_DeafPort_IsTold()
    {
        using var listener = Listener.Deaf();
        (await Elsewhere("127.0.0.1", listener.Port)).Should().Equal("timed-out");
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    public async Task Look_AnotherService_IsNoPostgres(string banner)
    {
        using var listener = Listener.Saying(banner);
        (await Elsewhere("127.0.0.1", listener.Port)).Should().Equal("not-postgresql");
    }

    [Fact]
    public async Task Look_OneOfTwoHostsDown_IsAWarning()
    {
        int port;
        using (var listener = Listener.Saying(""))
            port = listener.Port;
        var url = Looking.Url(ground.Staging, await ground.Role()).Replace("@127.0.0.1:", $"@127.0.0.1:{port},127.0.0.1:", StringComparison.Ordinal);
        await using var looking = new Looking(url, Tools);
        (await looking.Kinds()).Should().Equal("connection-refused", "works");
    }

    [Fact]
    public async Task Look_ToolsAndRotator_AreLookedAtByName()
    {
        await using var looking = new Looking(null, Tools, rotator: Looking.Url(ground.Staging, await ground.Role("nologin")));
        (await looking.Look()).Data["credential"]!.GetValue<string>().Should().Be("tools");
        (await looking.Kinds("rotator")).Should().Equal("login-not-allowed");
    }

    private async Task<IReadOnlyList<string>> Elsewhere(string host, int port)
    {
        await using var looking = new Looking($"postgres://app:canary@{host}:{port}/shop?sslmode=prefer", Tools);
        return await looking.Kinds();
    }
}
