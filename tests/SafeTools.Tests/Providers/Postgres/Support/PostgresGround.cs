using Npgsql;
using SafeTools.Clusters;
using SafeTools.Providers.Postgres;

namespace SafeTools.Tests.Providers.Postgres.Support;

/// <summary>A server for the tests of one collection, with a database that was hardened by our own text; each test works in a copy.</summary>
public sealed class PostgresGround : IAsyncLifetime
{
    public const string Name = "hardened postgres";

    private const string Template = "hardened";

    private int _databases;

    internal PostgresCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Cluster = await PostgresCluster.Start(new ClusterOptions { Settings = new Dictionary<string, string> { ["autovacuum"] = "off", ["jit"] = "off" } });
        await Cluster.Run($"CREATE DATABASE {Template}");
        await Cluster.Run(
            """
            CREATE SCHEMA shop;
            CREATE TABLE shop.orders (id bigserial PRIMARY KEY, customer text, total numeric);
            INSERT INTO shop.orders (customer, total) SELECT 'n' || g, g FROM generate_series(1, 10) g;
            CREATE TABLE shop.customers (id int PRIMARY KEY, name text, card text);
            CREATE VIEW shop.totals AS SELECT customer, sum(total) AS total FROM shop.orders GROUP BY customer;
            """,
            Template);
        await Cluster.Run(RoleScript.Of(RoleRequest.Of("reader", null, ["shop", "public"], "staging", [], out _)!), Template);
    }

    public async Task DisposeAsync() => await Cluster.DisposeAsync();

    /// <summary>A copy of the hardened database, and a role of its own that can read there and do nothing else.</summary>
    internal async Task<PostgresDatabase> Database()
    {
        var database = await Database(Template);
        await database.Run($"GRANT USAGE ON SCHEMA shop TO {database.Agent}; GRANT SELECT ON shop.orders, shop.totals TO {database.Agent};");
        return database;
    }

    internal async Task<PostgresDatabase> Database(string template)
    {
        var number = Interlocked.Increment(ref _databases);
        var database = new PostgresDatabase(Cluster, $"d{number}", $"agent{number}");
        await Cluster.Run($"CREATE DATABASE {database.Name} TEMPLATE {template}; REVOKE TEMPORARY ON DATABASE {database.Name} FROM PUBLIC; CREATE ROLE {database.Agent} LOGIN CONNECTION LIMIT 5 PASSWORD '{PostgresDatabase.Password}';");
        return database;
    }
}

[CollectionDefinition(PostgresGround.Name)]
public sealed class PostgresGroundCollection : ICollectionFixture<PostgresGround>;

/// <summary>One test's database and the role that it proves.</summary>
internal sealed record PostgresDatabase(PostgresCluster Cluster, string Name, string Agent) : IAsyncDisposable
{
    public const string Password = "pw";

    /// <summary>As superuser, statement by statement; {agent} and {database} stand for the names.</summary>
    public Task<string> Run(string sql) => Cluster.Run(sql.Replace("{agent}", Agent, StringComparison.Ordinal).Replace("{database}", Name, StringComparison.Ordinal), Name);

    public Task<NpgsqlConnection> Open(string? user = null, string? password = null) => Cluster.Open(user ?? Agent, password ?? Password, Name);

    /// <summary>What the credential proves of itself, in a session of its own.</summary>
    public async Task<Proof> Prove(string? user = null, string? password = null, string[]? masked = null, string[]? tolerates = null)
    {
        await using var connection = await Open(user, password);
        return await CredentialProof.Prove(connection, Resource(masked, tolerates), new Channel(Encrypted: false, TlsKey: null), CancellationToken.None);
    }

    public static Resource Resource(string[]? masked = null, string[]? tolerates = null) => new("db", "postgres", "staging", new SettingValues(
        new Dictionary<string, string>(), lists: new Dictionary<string, IReadOnlyList<string>> { ["masked"] = masked ?? [], ["tolerates"] = tolerates ?? [] }));

    public async ValueTask DisposeAsync() => await Cluster.Run($"DROP DATABASE {Name} WITH (FORCE)");
}
