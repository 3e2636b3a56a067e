using SafeTools.Clusters;

namespace SafeTools.IntegrationTests.Postgres.Support;

/// <summary>A server that tests may stop, with little in it.</summary>
public sealed class SmallShop : IAsyncLifetime
{
    public const string Tables =
        """
        create schema shop;
        create table shop.orders (id serial primary key, customer text, total numeric, placed timestamptz default '2026-04-24 12:00:00+00');
        insert into shop.orders (customer, total) select 'n' || g, g from generate_series(1, 1000) g;
        create table shop.many (id int);
        insert into shop.many select generate_series(1, 200000);
        analyze;
        """;

    /// <summary>Runs far longer than any test.</summary>
    public const string Endless = "select count(*) from shop.many a, shop.many b where a.id + b.id > 0";

    public PostgresCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync() => Cluster = await Make();

    public async Task DisposeAsync() => await Cluster.DisposeAsync();

    internal static Task<PostgresCluster> Make(IReadOnlyDictionary<string, string>? settings = null) =>
        Shop.Make(new ClusterOptions { Settings = new Dictionary<string, string>(settings ?? new Dictionary<string, string>()) { ["autovacuum"] = "off" } }, Tables);
}
