using SafeTools.Clusters;
using SafeTools.Providers.Postgres;

namespace SafeTools.Tests.Providers.Postgres.Support;

/// <summary>
/// A database whose owner was careless: every way of running somebody's code from a SELECT is there. Its tools are tried as superuser, without the proof of
/// the credential, so that nothing but the judging of texts and trees stands in the way.
/// </summary>
public sealed class CarelessGround : IAsyncLifetime
{
    public const string Name = "careless postgres";

    public const string Schema = """
        create schema shop;
        create table shop.orders (id bigserial primary key, customer text, total numeric, placed timestamptz default '2026-01-01 00:00:00+00');
        insert into shop.orders (customer, total) select 'n' || g, g from generate_series(1, 20) g;
        create table shop.trace (at timestamptz default now());
        create function shop.leave_trace() returns int language plpgsql security definer as $$begin insert into shop.trace default values; return 1; end$$;
        create function shop.harmless(int) returns int language sql immutable as 'select $1 + 1';
        create function shop.side(o shop.orders) returns int language sql as 'select shop.leave_trace()';
        create function shop.is_traced(text) returns boolean language sql as 'select shop.leave_trace() = 1';
        create function shop.op_trace(int, int) returns boolean language sql as 'select shop.leave_trace() = 1';
        create operator shop.=== (leftarg = int, rightarg = int, function = shop.op_trace);
        create function shop.step(int, int) returns int language sql as 'select shop.leave_trace()';
        create aggregate shop.traced(int) (sfunc = shop.step, stype = int, initcond = '0');
        create domain shop.dom as text check (shop.is_traced(value));
        create domain shop.plain as text check (length(value) < 100);
        create type shop.mood as enum ('calm', 'cross');
        create type shop.pair as (a int, b text);
        create type shop.holder as (d shop.dom);
        create function shop.takes(shop.dom) returns int language sql as 'select 1';
        create table shop.held (id int, d shop.dom);
        create table shop.people (id int, name shop.plain, mood shop.mood, card text);
        insert into shop.people values (1, 'ann', 'calm', 'CARD-1');
        create view shop.masked_people as select id, name, null::text as card from shop.people;
        create view shop.all_people as select * from shop.people;
        create view shop.sly as select id, shop.leave_trace() as x from shop.orders;
        create view shop.activity as select * from pg_stat_activity;
        create materialized view shop.totals as select customer, sum(total) from shop.orders group by 1;
        create function shop.to_pair(int) returns shop.pair language sql as 'select row(shop.leave_trace(), ''x'')::shop.pair';
        create cast (int as shop.pair) with function shop.to_pair(int);
        create type shop.doc as (v int);
        create function shop.doc_json(shop.doc) returns json language sql as 'select to_json(shop.leave_trace())';
        create cast (shop.doc as json) with function shop.doc_json(shop.doc);
        create table shop.docs (d shop.doc);
        insert into shop.docs values (row(1)::shop.doc);
        create table shop.parted (id int, region text, card text) partition by list (region);
        create table shop.parted_a partition of shop.parted for values in ('a');
        insert into shop.parted values (1, 'a', 'CARD-2');
        create extension postgres_fdw;
        create server away foreign data wrapper postgres_fdw options (host '127.0.0.1', port '1');
        create user mapping for public server away options (user 'x', password 'y');
        create table shop.split (id int, region text) partition by list (region);
        create foreign table shop.split_far partition of shop.split for values in ('far') server away;
        create foreign table shop.far (id int) server away;
        create table shop.tenants (tenant text, secret text);
        insert into shop.tenants values ('a', 'TENANT-A'), ('b', 'TENANT-B');
        create table shop.guarded (tenant text, note text);
        insert into shop.guarded values ('a', 'for a'), ('b', 'for b');
        create policy by_tenant on shop.guarded using (tenant = current_setting('app.tenant', true));
        alter table shop.guarded enable row level security;
        alter table shop.guarded force row level security;
        create extension hstore;
        create extension tablefunc;
        """;

    public PostgresCluster Cluster { get; private set; } = null!;

    internal Served Served { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Cluster = await PostgresCluster.Start();
        await Cluster.Run("create database careless");
        await Cluster.Run("comment on database careless is 'safetools: environment=staging'; alter database careless set search_path = shop, public");
        await Cluster.Run(Schema, "careless");
        Served = new Served(Url("careless"), new Layers { Attestation = false }, masked: ["shop.people.card", "shop.parted.card"]);
    }

    public string Url(string database) => Cluster.Url(PostgresCluster.Superuser, PostgresCluster.Password, database);

    /// <summary>How often somebody's code was run.</summary>
    public Task<string> Traces() => Cluster.Run("select count(*) from shop.trace", "careless");

    public async Task DisposeAsync()
    {
        await Served.DisposeAsync();
        await Cluster.DisposeAsync();
    }
}

[CollectionDefinition(CarelessGround.Name)]
public sealed class CarelessGroundCollection : ICollectionFixture<CarelessGround>;
