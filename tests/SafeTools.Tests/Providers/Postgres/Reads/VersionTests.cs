using System.Text.Json.Nodes;
using SafeTools.Clusters;
using SafeTools.Providers.Postgres;
using SafeTools.Tests.Providers.Postgres.Support;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.Providers.Postgres.Reads;

/// <summary>Every version whose trees are understood, on its real server: what people ask every day is answered, what attacks is refused and does nothing.</summary>
public sealed class VersionTests
{
    private static readonly string[] NoAttacks = ["benign", "dos_cpu", "dos_memory", "dos_parse", "dos_time"];

    public static TheoryData<int> Majors => [.. NodeTable.Majors];

    [Theory]
    [MemberData(nameof(Majors))]
    public async Task Version_OnItsRealServer_AnswersEverydayReadsAndRefusesAttacks(int major)
    {
        await using var cluster = await Careless(major);
        await cluster.RunFile(Path.Combine(Golden.Root, "tests", "corpora", "planner.sql"), "corp");
        foreach (var role in new[] { "c_ro", "c_super" })
        {
            await using var served = new Served(cluster.Url(role, "pw", "corp"), new Layers { Attestation = false }, masked: ["shop.customers.card"]);
            var before = await Fingerprint(cluster);

            var unanswered = new List<string>();
            foreach (var sql in Lines("everyday-reads.sql"))
            {
                if (await served.Ask(sql) is Execution.Failed failed)
                    unanswered.Add($"{failed.Why.Code.Id} {failed.Why.Message} {sql}");
            }

            unanswered.Should().BeEmpty($"{role} reads every day on {major}");
            var answered = new List<string>();
            foreach (var sql in Lines("planner-reads.sql").Concat(Attacks()).Append("select card from shop.customers").Append("select c from shop.customers c"))
            {
                if (await served.Ask(sql) is not Execution.Failed { Why.Code.Id: "ST1601" or "ST1602" or "ST1603" or "ST1604" or "ST1605" or "ST1606" })
                    answered.Add(sql);
            }

            answered.Should().BeEmpty($"{role} attacks {major}");
            (await Fingerprint(cluster)).Should().Be(before);
        }
    }

    private static IEnumerable<string> Lines(string file) =>
        File.ReadLines(Path.Combine(Golden.Root, "tests", "corpora", file)).Where(line => line.Length > 0);

    private static IEnumerable<string> Attacks() => Lines("postgres-readonly.jsonl").Select(line => JsonNode.Parse(line)!)
        .Where(entry => !NoAttacks.Contains(entry["category"]!.GetValue<string>()))
        .Select(entry => entry["sql"]!.GetValue<string>());

    private static Task<string> Fingerprint(PostgresCluster cluster) => cluster.Run(
        "select (select count(*) from shop.orders), (select count(*) from shop.audit), (select count(*) from planner.trace), (select count(*) from pg_class), (select count(*) from pg_roles), (select count(*) from pg_locks where locktype = 'advisory')",
        "corp");

    private static async Task<PostgresCluster> Careless(int major)
    {
        var cluster = await PostgresCluster.Start(new ClusterOptions
        {
            Programs = major == 15 ? null : Path.Combine(Golden.Root, "tests", "postgres", "node_modules", $"postgres-{major}", "native"),
            Settings = new Dictionary<string, string> { ["shared_preload_libraries"] = "pg_stat_statements", ["wal_level"] = "logical", ["autovacuum"] = "off" },
        });
        await cluster.Run("create database corp");
        // The extension went with version 17; nothing else of the shop depends on it.
        var setup = await File.ReadAllTextAsync(Path.Combine(Golden.Root, "tests", "corpora", "setup.sql"));
        await cluster.Run(major < 17 ? setup : setup.Replace("create extension adminpack;", "", StringComparison.Ordinal), "corp");
        await cluster.Run("comment on database corp is 'safetools: environment=staging'");
        return cluster;
    }
}
