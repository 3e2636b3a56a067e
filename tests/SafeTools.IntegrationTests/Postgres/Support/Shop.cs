using System.Globalization;
using SafeTools.Clusters;
using SafeTools.IntegrationTests.Support;
using SafeTools.Providers.Postgres;

namespace SafeTools.IntegrationTests.Postgres.Support;

/// <summary>A real server with a shop's database, hardened by our own text, and a role that can read it.</summary>
public sealed class Shop : IAsyncLifetime
{
    public const string Name = "shop on postgres";
    public const string Database = "shop";
    public const string Role = "agent";
    public const string Password = "pw-canary-4711";

    /// <summary>Sessions of ours that may wait for work: two opened ahead, and one for each statement that ran at once.</summary>
    public const int WarmSet = 2 + 8;

    private const string Tables =
        """
        create schema shop;
        create table shop.orders (id serial primary key, customer text, total numeric, placed timestamptz default '2026-04-24 12:00:00+00');
        insert into shop.orders (customer, total) select 'n' || g, g from generate_series(1, 1000) g;
        create table shop.many (id int);
        insert into shop.many select generate_series(1, 10000000);
        create table shop.large (id int primary key, body bytea, note text);
        alter table shop.large alter body set storage external, alter note set storage external;
        insert into shop.large values (1, convert_to(repeat('x', 500 * 1024 * 1024), 'UTF8'), null), (2, null, repeat('y', 500 * 1024 * 1024));
        do $$ begin execute (select 'create table shop.wide (' || string_agg('c' || g || ' int', ', ') || ')' from generate_series(1, 1600) g);
          execute (select 'insert into shop.wide values (' || string_agg(g::text, ', ') || ')' from generate_series(1, 1600) g); end $$;
        """;

    public PostgresCluster Cluster { get; private set; } = null!;

    internal string Url => UrlOf(Cluster);

    public async Task InitializeAsync() => Cluster = await Make();

    public async Task DisposeAsync() => await Cluster.DisposeAsync();

    internal static string UrlOf(PostgresCluster cluster) => cluster.Url(Role, Password, Database);

    /// <summary>The same through a proxy that stands before the server.</summary>
    internal static string UrlThrough(Proxy proxy) => string.Create(CultureInfo.InvariantCulture, $"postgres://{Role}:{Password}@127.0.0.1:{proxy.Port}/{Database}?sslmode=disable");

    internal static async Task<PostgresCluster> Make(ClusterOptions? options = null, string tables = Tables)
    {
        var cluster = await PostgresCluster.Start(options ?? new ClusterOptions { Settings = new Dictionary<string, string> { ["autovacuum"] = "off", ["max_wal_size"] = "4GB", ["wal_level"] = "minimal", ["max_wal_senders"] = "0" } });
        try
        {
            await cluster.Run($"create database {Database}");
            await cluster.Run(tables, Database);
            await cluster.Run(Hardening(), Database);
            await cluster.Run($"alter role {Role} password '{Password}'");
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    internal static string Hardening() =>
        RoleScript.Of(RoleRequest.Of(Role, database: null, ["shop"], "staging", [], out var fault) ?? throw new InvalidOperationException(fault));

    /// <summary>How many sessions the role has, as the server counts them.</summary>
    internal static async Task<int> Sessions(PostgresCluster cluster) =>
        int.Parse(await cluster.Run($"select count(*) from pg_stat_activity where usename = '{Role}'"), CultureInfo.InvariantCulture);

    internal static async Task<int> Active(PostgresCluster cluster) =>
        int.Parse(await cluster.Run($"select count(*) from pg_stat_activity where usename = '{Role}' and state = 'active'"), CultureInfo.InvariantCulture);

    /// <summary>Waits until no statement of the role runs and no more sessions are there than may wait for work.</summary>
    internal static async Task Quiet(PostgresCluster cluster)
    {
        await Eventually.Get(() => Active(cluster), active => active == 0);
        await Eventually.Get(() => Sessions(cluster), sessions => sessions <= WarmSet);
    }
}

[CollectionDefinition(Shop.Name)]
public sealed class ShopCollection : ICollectionFixture<Shop>;
