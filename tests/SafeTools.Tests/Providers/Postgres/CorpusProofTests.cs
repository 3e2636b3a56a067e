using Npgsql;
using SafeTools.Clusters;
using SafeTools.Providers.Postgres;
using SafeTools.Tests.Providers.Postgres.Support;
using SafeTools.Tests.Support;
using Xunit.Abstractions;

namespace SafeTools.Tests.Providers.Postgres;

/// <summary>The database that the corpus attacks, careless on purpose: what is found there, and that what is named mends all of it.</summary>
public sealed class CorpusProofTests(ClusterFixture fixture, ITestOutputHelper output) : IClassFixture<ClusterFixture>, IAsyncLifetime
{
    private const string Reader = "c_ro";

    public async Task InitializeAsync()
    {
        if (await fixture.Cluster.Run("SELECT count(*) FROM pg_database WHERE datname = 'careless'") == "0")
        {
            await fixture.Cluster.Run("CREATE DATABASE careless");
            await fixture.Cluster.RunFile(Path.Combine(Golden.Root, "tests", "corpora", "setup.sql"), "careless");
        }
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Prove_OfTheCarelessDatabase_FindsEveryWayOut()
    {
        await using var corpus = await Copy();

        var found = (await corpus.Prove(Reader, masked: ["shop.customers.card"])).Findings;

        found.Select(finding => finding.Kind).Distinct().Should().Equal(
            "definer-function", "c-function", "network-function", "foreign-table", "public-builtin", "language-usage", "temp", "user-function", "public-user-mapping", "type-runs-code", "no-connection-limit");
        found.Where(finding => finding.Kind == "foreign-table").Select(finding => finding.Subject).Should().Equal("shop.ft_orders", "shop.ft_side");
        found.Where(finding => finding.Kind == "definer-function").Select(finding => finding.Subject.Split('(')[0])
            .Should().Equal("shop.f_audit", "shop.f_secdef_delete", "shop.f_super_read", "shop.f_super_sql", "shop.p_purge");
        found.Should().OnlyContain(finding => finding.Mend != null);
    }

    [Fact]
    public async Task Prove_AfterEveryMendingStatement_FindsNothingAndTheRoleReadsOn()
    {
        await using var corpus = await Copy();
        var rounds = 0;
        for (var found = (await corpus.Prove(Reader)).Findings; found.Count > 0; found = (await corpus.Prove(Reader)).Findings, rounds++)
        {
            rounds.Should().BeLessThan(3, "it comes to an end: {0}", string.Join(", ", found));
            await corpus.Run(string.Join('\n', found.Select(finding => finding.Mend)));
        }

        output.WriteLine($"{rounds} rounds");
        await using var connection = await corpus.Open(Reader);
        await using var command = new NpgsqlCommand("SELECT count(*) FROM shop.orders", connection);
        (await command.ExecuteScalarAsync()).Should().Be(500L);
    }

    [Theory]
    [InlineData("shop")]
    [InlineData("shop,public")]
    public async Task RoleScript_OnTheCarelessDatabase_MakesARoleThatIsProved(string schemas)
    {
        await using var corpus = await Copy();
        var role = corpus.Agent + "_safe";
        var text = RoleScript.Of(RoleRequest.Of(role, corpus.Name, schemas.Split(','), "staging", ["shop.customers.card", "shop.tenants.secret"], out _)!);
        await corpus.Run(text);
        (await corpus.Run(text)).Should().BeEmpty();
        await corpus.Run($"ALTER ROLE {role} PASSWORD 'pw'");

        var found = (await corpus.Prove(role, masked: ["shop.customers.card", "shop.tenants.secret"])).Findings;
        found.Where(finding => finding.Weight != FindingWeight.Advises).Should().BeEmpty();
        await using var connection = await corpus.Open(role);
        await using var command = new NpgsqlCommand("SELECT count(*) + (SELECT count(email) FROM shop.customers) + (SELECT count(*) FROM shop.mv) FROM shop.orders", connection);
        (await command.ExecuteScalarAsync()).Should().Be(600L);
    }

    [Theory]
    [InlineData("c_super", "superuser")]
    [InlineData("c_owner", "owner-of-relation")]
    [InlineData("c_rw", "table-write")]
    public async Task Prove_OfRolesThatWrite_Refuses(string role, string kind)
    {
        await using var corpus = await Copy();

        (await corpus.Prove(role)).Findings.Should().Contain(finding => finding.Kind == kind && finding.Weight == FindingWeight.Refuses);
    }

    [Fact]
    public async Task Prove_OnAStandby_FindsTheSame()
    {
        await using var corpus = await Copy();
        await using var standby = await fixture.Cluster.Standby();

        var there = await (corpus with { Cluster = standby }).Prove(Reader, masked: ["shop.customers.card"]);
        var here = await corpus.Prove(Reader, masked: ["shop.customers.card"]);

        there.Findings.Should().Equal(here.Findings);
        there.Facts.Should().Contain(new Fact("standby", new FactValue.Flag(true), FactSource.Provider));
        here.Facts.Should().Contain(new Fact("standby", new FactValue.Flag(false), FactSource.Provider))
            .And.Contain(new Fact("system identifier", new FactValue.Text(await fixture.Cluster.SystemIdentifier()), FactSource.Provider))
            .And.Contain(new Fact("address", new FactValue.Text($"127.0.0.1:{fixture.Cluster.Port}"), FactSource.Provider))
            .And.Contain(new Fact("database", new FactValue.Text(corpus.Name), FactSource.Provider))
            .And.Contain(new Fact("user", new FactValue.Text(Reader), FactSource.Provider));
        there.Facts.Should().Contain(new Fact("address", new FactValue.Text($"127.0.0.1:{standby.Port}"), FactSource.Provider));
    }

    private static int _copies;

    private async Task<PostgresDatabase> Copy()
    {
        var number = Interlocked.Increment(ref _copies);
        var corpus = new PostgresDatabase(fixture.Cluster, $"corpus{number}", $"agent{number}");
        await fixture.Cluster.Run($"CREATE DATABASE {corpus.Name} TEMPLATE careless; ALTER ROLE {Reader} CONNECTION LIMIT -1;");
        return corpus;
    }
}
