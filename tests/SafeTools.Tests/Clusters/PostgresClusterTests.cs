using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Npgsql;
using SafeTools.Clusters;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.Clusters;

/// <summary>The ground that the other tests stand on.</summary>
public sealed class PostgresClusterTests(ClusterFixture fixture) : IClassFixture<ClusterFixture>
{
    private PostgresCluster Cluster => fixture.Cluster;

    [Fact]
    public async Task Start_ByRoot_RunsAsPostgresAndKnowsItsPort()
    {
        (await Cluster.Run("show port")).Should().Be($"{Cluster.Port}");
        (await Cluster.Run("show server_version_num")).Should().StartWith("15");
        (await Cluster.Run("show fsync")).Should().Be("off");
    }

    [Fact]
    public async Task Open_WithoutThePassword_Refuses()
    {
        var open = () => Cluster.Open(password: "wrong");
        (await open.Should().ThrowAsync<PostgresException>()).Which.SqlState.Should().Be(PostgresErrorCodes.InvalidPassword);
    }

    [Fact]
    public async Task Open_TwoStatementsInOneCommand_AreNotSplitByTheClient()
    {
        await using var connection = await Cluster.Open();
        await using var command = new NpgsqlCommand("select 1; select 2", connection);
        var run = () => command.ExecuteScalarAsync();
        (await run.Should().ThrowAsync<PostgresException>()).Which.SqlState.Should().Be(PostgresErrorCodes.SyntaxError);
    }

    [Fact]
    public async Task Run_StatementThatFails_SaysWhy()
    {
        var run = () => Cluster.Run("select 1; select nonsense; select 2");
        (await run.Should().ThrowAsync<ClusterException>()).Which.Message.Should().Contain("nonsense");
    }

    [Fact]
    public async Task Standby_OfARunningCluster_FollowsAndShares()
    {
        await Cluster.Run("create table followed as select 7 as seven");
        await using var standby = await Cluster.Standby();
        (await standby.Run("select pg_is_in_recovery(), (select seven from followed)")).Should().Be("t|7");
        (await standby.SystemIdentifier()).Should().Be(await Cluster.SystemIdentifier());
    }

    [Fact]
    public async Task Clone_OfARunningCluster_GoesItsOwnWay()
    {
        await Cluster.Run("create table cloned as select 1 as one");
        await using var clone = await Cluster.Clone();
        await clone.Run("insert into cloned values (2)");
        (await clone.Run("select pg_is_in_recovery(), (select count(*) from cloned)")).Should().Be("f|2");
        (await clone.SystemIdentifier()).Should().Be(await Cluster.SystemIdentifier());
        (await Cluster.Run("select count(*) from cloned")).Should().Be("1");
    }

    [Fact]
    public async Task Start_Another_HasAnIdentifierOfItsOwn()
    {
        await using var other = await PostgresCluster.Start();
        (await other.SystemIdentifier()).Should().NotBe(await Cluster.SystemIdentifier());
    }

    [Fact]
    public async Task Start_WithTls_ServesItsCertificate()
    {
        await using var cluster = await PostgresCluster.Start(new ClusterOptions { Tls = true, Settings = new Dictionary<string, string> { ["work_mem"] = "7MB" } });
        await using var source = new NpgsqlSlimDataSourceBuilder(cluster.ConnectionString() + ";SSL Mode=Require").EnableTransportSecurity()
            .UseSslClientAuthenticationOptionsCallback(options => options.RemoteCertificateValidationCallback = (_, shown, _, _) => IsOurs(cluster, shown))
            .Build();
        await using var connection = await source.OpenConnectionAsync();
        await using var command = new NpgsqlCommand("select ssl::text || current_setting('work_mem') from pg_stat_ssl where pid = pg_backend_pid()", connection);
        (await command.ExecuteScalarAsync()).Should().Be("true7MB");
    }

    [Fact]
    public async Task Start_OnAPortThatIsTaken_SaysSo()
    {
        var start = () => PostgresCluster.Start(new ClusterOptions { Port = Cluster.Port });
        (await start.Should().ThrowAsync<ClusterException>()).Which.Message.Should().Contain("Address already in use");
    }

    [Fact]
    public async Task Restart_InTheMiddle_KeepsDataAndPort()
    {
        await using var cluster = await PostgresCluster.Start();
        await cluster.Run("create table kept as select 1 as one");
        var before = cluster.ProcessId;
        await cluster.Restart();
        (await cluster.Run("select count(*) from kept")).Should().Be("1");
        cluster.ProcessId.Should().NotBe(before);
    }

    [Fact]
    public async Task Restore_AfterAChange_BringsBackWhatWasKept()
    {
        await using var cluster = await PostgresCluster.Start();
        await cluster.Run("create role somebody");
        await cluster.Keep();
        await cluster.Resume();
        await cluster.Run("drop role somebody; alter system set work_mem = '9MB'");
        await cluster.Restore();
        await cluster.Resume();
        (await cluster.Run("select count(*) from pg_roles where rolname = 'somebody'")).Should().Be("1");
        (await cluster.Run("show work_mem")).Should().NotBe("9MB");
    }

    [Fact]
    public async Task Dispose_OfARunningCluster_LeavesNothing()
    {
        var cluster = await PostgresCluster.Start();
        var (process, folder) = (cluster.ProcessId, Path.GetDirectoryName(cluster.DataFolder)!);
        await cluster.DisposeAsync();
        Directory.Exists($"/proc/{process}").Should().BeFalse();
        Directory.Exists(folder).Should().BeFalse();
    }

    [Fact]
    public async Task Abandon_AsWhenTheTestsAreKilled_StopsAndRemovesItself()
    {
        var cluster = await PostgresCluster.Start();
        var (process, folder) = (cluster.ProcessId, Path.GetDirectoryName(cluster.DataFolder)!);
        await cluster.Abandon();
        Directory.Exists($"/proc/{process}").Should().BeFalse();
        Directory.Exists(folder).Should().BeFalse();
        await cluster.DisposeAsync();
    }

    [Fact]
    public async Task Sweep_FolderWhoseMakerIsDead_RemovesIt()
    {
        var left = new ClusterFolder(await OsUser.Run(["mktemp", "-d", $"/tmp/{ClusterFolder.Prefix}XXXXXXXX"]));
        await ClusterFolder.Write(left.Maker, $"{System.Environment.ProcessId} 1", CancellationToken.None);
        await ClusterFolder.Sweep();
        Directory.Exists(left.Root).Should().BeFalse();
        Directory.Exists(Path.GetDirectoryName(Cluster.DataFolder)).Should().BeTrue("its maker is this process");
    }

    private static bool IsOurs(PostgresCluster cluster, X509Certificate? shown) =>
        shown is not null && CryptographicOperations.FixedTimeEquals(shown.GetCertHash(HashAlgorithmName.SHA256), cluster.Certificate!.GetCertHash(HashAlgorithmName.SHA256));
}
