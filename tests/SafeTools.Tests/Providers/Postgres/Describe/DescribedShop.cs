using System.Globalization;
using SafeTools.Providers.Postgres;
using SafeTools.Tests.Providers.Postgres.Support;

namespace SafeTools.Tests.Providers.Postgres.Describe;

/// <summary>A database with what there is to describe, and a canary wherever an owner may have left data or a secret.</summary>
public sealed class DescribedShop : IAsyncLifetime
{
    public const string Canary = "CANARY_51d0";

    /// <summary>Of 63 bytes: quotes, a line feed, a backslash, beyond the basic plane, a bidirectional override, an injection.</summary>
    public const string Nasty = "a\"b'c\nd\\e🌍\u202E{x},\"; drop table orders; -- 漢字漢字漢字";

    private const string Setup = $"""
        create schema shop;;
        create schema other;;
        create schema closed;;
        create type shop.state as enum ('new', 'sent, soon', '☃');;
        create domain shop.amount as int not null check (value <> 5);;
        create table shop.customers (id int primary key, name text, password text, secret shop.state);;
        create table closed.vault (id int primary key);;
        create table shop.orders (
            id bigint generated always as identity primary key,
            customer int not null references shop.customers,
            hidden int references closed.vault,
            total numeric(10,2) default length('{Canary}'),
            state shop.state,
            states shop.state[],
            amount shop.amount,
            note varchar(20),
            twice numeric generated always as (total * 2) stored,
            dropped int,
            constraint orders_of_two unique (customer, note),
            constraint amount_is_some check (note <> '{Canary}'));;
        alter table shop.orders drop column dropped;;
        create index orders_some on shop.orders ((note || '{Canary}'), total) where note <> '{Canary}';;
        create index orders_covering on shop.orders (note) include (total);;
        create index orders_hashed on shop.orders using hash (note);;
        comment on table shop.orders is '{Canary}';;
        comment on column shop.orders.note is '{Canary}';;
        create view shop.totals as select customer, sum(total) from shop.orders where note <> '{Canary}' group by customer;;
        create materialized view shop.order_totals as select sum(total) from shop.orders with no data;;
        create table shop.nothing ();;
        create table shop.empty (id int);;
        create table shop.unreadable (id int);;
        create table shop.events (id int primary key, at text) partition by list (id);;
        create table shop.events_2026 partition of shop.events for values in (1, 2026, 99);;
        create table shop.events_rest partition of shop.events default;;
        create temp table passing (id int);;
        create foreign data wrapper nowhere;;
        create server elsewhere foreign data wrapper nowhere;;
        create foreign table shop.foreign_one (id int) server elsewhere;;
        insert into shop.customers select i, repeat('x', 50) from generate_series(1, 1000) i;;
        insert into shop.events select i, 'x' from generate_series(1, 300) i;;
        analyze shop.customers;;
        analyze shop.events_2026;;
        analyze shop.events_rest;;
        analyze shop.nothing;;
        vacuum shop.nothing
        """;

    private Database _database = null!;

    /// <summary>A role that may read.</summary>
    internal string Reader { get; private set; } = "";

    /// <summary>A role that may only connect.</summary>
    internal string Stranger { get; private set; } = "";

    public async Task InitializeAsync()
    {
        _database = await Database.New(Setup);
        (Reader, Stranger) = ($"reader_{_database.Name}", $"stranger_{_database.Name}");
        var nasty = $"\"{Nasty.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        var labels = string.Join(',', Enumerable.Range(1, 150).Select(i => string.Create(CultureInfo.InvariantCulture, $"'label {i}'")));
        await _database.Change($"create schema {nasty}", $"create table {nasty}.{nasty} ({nasty} int primary key)", $"create type other.many as enum ({labels})",
            "create table other.orders (event int references shop.events, label other.many)");
        await _database.Change($"""
            create role {Reader} login password 'pw';;
            create role {Stranger} login password 'pw';;
            grant usage on schema shop, other to {Reader};;
            grant select on all tables in schema shop, other to {Reader};;
            grant select on closed.vault to {Reader};;
            revoke select on shop.unreadable, shop.customers from {Reader};;
            grant select (id, name) on shop.customers to {Reader}
            """);
        await _database.Change($"grant usage on schema {nasty} to {Reader}", $"grant select on {nasty}.{nasty} to {Reader}");
        await _database.Change(Hardening.Of(_database.Name));
    }

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        await using var server = new Npgsql.NpgsqlConnection(PostgresServer.Superuser);
        await server.OpenAsync();
        await Database.Run(server, $"drop role {Reader}");
        await Database.Run(server, $"drop role {Stranger}");
    }

    internal async Task<Execution> Describe(string? schema = null, string? relation = null, Limits? limits = null, string? role = null, string? server = null)
    {
        await using var connection = await _database.Open(role ?? Reader, server);
        await Database.Run(connection, "begin read only");
        return await Description.Of(connection, schema, relation, limits ?? new Limits(1000, 256 * 1024, TimeSpan.FromSeconds(10)), CancellationToken.None);
    }
}
