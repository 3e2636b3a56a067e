using SafeTools.Corpus.Credentials;
using SafeTools.Corpus.Observing;

namespace SafeTools.Corpus.SelfTesting;

/// <summary>A statement that has an effect when nothing stands before it, and which sense must notice.</summary>
/// <param name="Role">Who runs it.</param>
internal sealed record KnownEffect(Sense Sense, string Role, string Sql, Place Place = Place.Primary)
{
    /// <summary>Nobody reads on after its first row, as when a client gave up.</summary>
    public bool Abandoned { get; init; }

    /// <summary>In an order in which none hides what a later one does. Canary files lie where statements of the corpus would put them.</summary>
    public static IReadOnlyList<KnownEffect> All(string canary) =>
    [
        new(Sense.State, "c_owner", "delete from shop.docs where id = 1"),
        new(Sense.State, "c_ro", "select shop.f_secdef_delete()"),
        new(Sense.State, "c_owner", "select nextval('shop.orders_id_seq')"),
        new(Sense.State, "c_owner", "select lo_put(4242, 0, 'HACKED')"),
        new(Sense.State, "c_owner", "create unlogged table shop.unlogged (a int)"),
        new(Sense.State, "c_owner", "grant all on shop.orders to public"),
        new(Sense.State, "c_owner", "create function shop.evil() returns int language sql as 'select 1'"),
        new(Sense.Writing, "c_owner", "analyze shop.orders"),
        new(Sense.State, "c_ro", "alter role current_user password 'pw'"),
        new(Sense.State, "c_super", "alter database corp set work_mem = '5MB'"),
        new(Sense.State, "c_super", "select pg_create_physical_replication_slot('evil')"),
        new(Sense.State, "c_super", "select pg_stat_reset()"),
        new(Sense.State, "c_super", "rollback prepared 'victim'"),
        new(Sense.State, "c_super", "select pg_reload_conf(), pg_sleep(0.2)"),
        new(Sense.State, "c_super", "select pg_wal_replay_pause(), pg_sleep(0.2)", Place.Standby),
        new(Sense.Writing, "c_owner", "do $$begin delete from shop.customers; raise exception 'rolled back'; end$$"),
        new(Sense.Writing, "c_ro", "select pg_current_xact_id()"),
        new(Sense.Writing, "c_ro", "select pg_logical_emit_message(false, 'evil', 'x')"),
        new(Sense.Writing, "c_owner", "create temp table t (a int)"),
        new(Sense.Writing, "c_owner", "select gin_clean_pending_list('shop.docs_gin')"),
        new(Sense.Writing, "c_super", "checkpoint"),
        new(Sense.Writing, "c_super", "select pg_switch_wal()"),
        new(Sense.Locks, "c_ro", "select pg_advisory_lock(1), pg_sleep(0.1)"),
        new(Sense.Locks, "c_owner", "do $$begin lock table shop.orders in row share mode; perform pg_sleep(0.1); end$$"),
        new(Sense.Locks, "c_owner", "do $$begin perform * from shop.customers for key share; perform pg_sleep(0.1); end$$"),
        new(Sense.Locks, "c_ro", "select pg_advisory_lock(1), pg_sleep(0.1)", Place.Standby),
        new(Sense.Sessions, "c_ro", "select pg_cancel_backend(pid), pg_sleep(0.1) from pg_stat_activity where application_name = 'victim' and state = 'active'"),
        new(Sense.Sessions, "c_ro", "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'victim' and state = 'idle'"),
        new(Sense.Lingering, "c_ro", "select repeat('x', 1000) from generate_series(1, 10000000) n") { Abandoned = true },
        new(Sense.Notifications, "c_ro", "notify ch"),
        new(Sense.Network, "c_super", "select dblink_connect('host=127.0.0.1 port=46998 user=x connect_timeout=1')"),
        new(Sense.Network, "c_ro", "select id from shop.ft_orders limit 1"),
        new(Sense.Files, "c_super", $"copy (select 1) to '{canary}'"),
        new(Sense.Files, "c_super", "select pg_file_write('evil', 'x', false)"),
        new(Sense.Files, "c_super", "alter system set work_mem = '5MB'"),
        new(Sense.Memory, "c_ro", "select length(repeat('x', 500000000))"),
        new(Sense.Log, "c_owner", "do $$begin for i in 1..40000 loop raise warning '%', repeat('L', 200); end loop; end$$"),
        new(Sense.Leak, "c_super", "select card from shop.customers"),
        new(Sense.Leak, "c_ro", "select * from shop.v_tenant_a where secret::int > 0"),
        new(Sense.Leak, "c_ro", "select query from pg_stat_activity where application_name = 'victim'"),
        new(Sense.State, "c_super", "select pg_promote()", Place.Standby),
    ];

    /// <summary>Reads that nobody may take for an effect.</summary>
    public static IReadOnlyList<string> Harmless { get; } =
    [
        "select 1",
        "select count(*), sum(total) from shop.orders where placed < now()",
        "select * from shop.customers c join shop.orders o on o.customer = c.name order by o.id limit 5",
        "explain select * from shop.orders",
        "show server_version",
    ];
}
