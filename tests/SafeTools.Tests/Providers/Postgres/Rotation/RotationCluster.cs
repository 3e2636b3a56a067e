using System.Runtime.Versioning;
using SafeTools.Clusters;
using SafeTools.Providers.Postgres;
using SafeTools.Tests.Providers.Postgres.Support;

namespace SafeTools.Tests.Providers.Postgres.Rotation;

/// <summary>A server that writes down everything that it is sent, for the tests of rotations: each works on a service of its own.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class RotationCluster : IAsyncLifetime
{
    public const string Name = "rotation postgres";

    private const string Template = "rotated";

    private int _services;

    internal PostgresCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Cluster = await PostgresCluster.Start(new ClusterOptions
        {
            Settings = new Dictionary<string, string>
            {
                ["autovacuum"] = "off",
                ["jit"] = "off",
                ["shared_preload_libraries"] = "pg_stat_statements,auto_explain",
                ["pg_stat_statements.track"] = "all",
                ["auto_explain.log_min_duration"] = "0",
                ["auto_explain.log_nested_statements"] = "on",
                ["log_statement"] = "all",
                ["log_parameter_max_length"] = "-1",
                ["log_parameter_max_length_on_error"] = "-1",
                ["log_min_error_statement"] = "error",
                ["log_min_duration_statement"] = "0",
                ["log_connections"] = "on",
            },
        });
        await Cluster.Run("CREATE EXTENSION pg_stat_statements");
        await Cluster.Run($"CREATE DATABASE {Template}");
        await Cluster.Run("CREATE SCHEMA shop; CREATE TABLE shop.orders (id bigserial PRIMARY KEY, customer text, total numeric); INSERT INTO shop.orders (customer, total) VALUES ('n1', 1), ('n2', 2);", Template);
        await Cluster.Run(RoleScript.Of(RoleRequest.Of("reader", null, ["shop"], "staging", [], out _)!) + $"ALTER ROLE reader PASSWORD '{RotatedShop.ReaderPassword}';", Template);
    }

    public async Task DisposeAsync() => await Cluster.DisposeAsync();

    /// <summary>A database of its own, with an application whose roles nobody else has.</summary>
    internal async Task<RotatedShop> Shop(bool twoSlots = true, string grace = "1h", string password = RotatedShop.FirstPassword)
    {
        var shop = new RotatedShop(Cluster, Interlocked.Increment(ref _services), twoSlots, grace);
        await Cluster.Run($"CREATE DATABASE {shop.Database} TEMPLATE {Template}; REVOKE TEMPORARY ON DATABASE {shop.Database} FROM PUBLIC; COMMENT ON DATABASE {shop.Database} IS 'safetools: environment=staging';");
        await shop.Run(
            $"CREATE ROLE {shop.Owner} NOLOGIN; GRANT USAGE ON SCHEMA shop TO {shop.Owner}; GRANT SELECT, INSERT ON shop.orders TO {shop.Owner}; " +
            $"CREATE ROLE {shop.RoleA} LOGIN PASSWORD '{password.Replace("'", "''", StringComparison.Ordinal)}' IN ROLE {shop.Owner};");
        await shop.Run(shop.Script());
        await shop.Run($"ALTER ROLE {shop.Rotator} PASSWORD '{RotatedShop.RotatorPassword}'");
        shop.Sink = Cluster.Url(shop.RoleA, password, shop.Database, "sslmode=disable&application_name=shop");
        return shop;
    }
}

[UnsupportedOSPlatform("windows")]
[CollectionDefinition(RotationCluster.Name)]
[UnsupportedOSPlatform("windows")]
public sealed class RotationClusterCollection : ICollectionFixture<RotationCluster>;
