using SafeTools.Clusters;
using SafeTools.Corpus.Grounds;

namespace SafeTools.Corpus.Observing;

/// <summary>
/// Fingerprints everything that the primary keeps: each table, sequence and large object of the database, each system catalogue, settings, prepared
/// transactions, replication, the moments of resets; and how the standby stands.
/// </summary>
internal sealed class StateWatch : IWatch
{
    /// <summary>What lies in no catalogue.</summary>
    private const string Standing =
        """
        select 'settings', md5(string_agg(concat_ws(':', name, setting, sourcefile, pending_restart), ',' order by name)) from pg_settings
        union all select 'configuration loaded', pg_conf_load_time()::text
        union all select 'server started', pg_postmaster_start_time()::text
        union all select 'client rules', md5(string_agg(r::text, ',' order by line_number)) from pg_hba_file_rules r
        union all select 'prepared transactions', string_agg(gid, ',' order by gid) from pg_prepared_xacts
        union all select 'replication slots', string_agg(slot_name, ',' order by slot_name) from pg_replication_slots
        union all select 'statistics reset', concat_ws(' ', (select max(stats_reset) from pg_stat_database where datname = current_database()), (select stats_reset from pg_stat_bgwriter), (select stats_reset from pg_stat_wal))
        union all select 'backup running', pg_stat_get_progress_info('BASEBACKUP')::text
        """;

    private const string OfTheStandby =
        """
        select 'standby', concat_ws(' ', 'recovering', pg_is_in_recovery(), case when pg_is_in_recovery() then pg_is_wal_replay_paused() end, pg_conf_load_time(), pg_postmaster_start_time())
        """;

    private readonly ObserverSession _primary;
    private readonly ObserverSession _standby;
    private readonly string _fingerprint;
    private Dictionary<string, string>? _before;

    private StateWatch(ObserverSession primary, ObserverSession standby, string fingerprint) => (_primary, _standby, _fingerprint) = (primary, standby, fingerprint);

    public static async Task<StateWatch> Open(PostgresCluster primary, PostgresCluster standby, CancellationToken cancellationToken)
    {
        var session = await ObserverSession.Open(primary, Ground.Database, cancellationToken);
        return new StateWatch(session, await ObserverSession.Open(standby, "postgres", cancellationToken), await Fingerprint(session, cancellationToken));
    }

    public async Task<IReadOnlyList<Sighting>> Look(CancellationToken cancellationToken)
    {
        var now = (await _primary.Rows(_fingerprint, cancellationToken)).Concat(await _standby.Rows(OfTheStandby, cancellationToken)).ToDictionary(row => row[0], row => row[1]);
        var before = _before ?? now;
        _before = now;
        var changed = now.Where(part => before.GetValueOrDefault(part.Key) != part.Value).Select(part => part.Key).Order(StringComparer.Ordinal).ToArray();
        return changed.Length == 0 ? [] : [new Sighting(Sense.State, $"{string.Join(", ", changed)} changed")];
    }

    public async ValueTask DisposeAsync()
    {
        await _primary.DisposeAsync();
        await _standby.DisposeAsync();
    }

    /// <summary>
    /// One statement over everything there is now, system catalogues included: a new relation shows in pg_class. Sums need no order. Of most catalogues the
    /// transactions that wrote their rows tell enough; pg_class and pg_database are also changed in place. Rows of foreign tables lie elsewhere.
    /// </summary>
    private static async Task<string> Fingerprint(ObserverSession session, CancellationToken cancellationToken)
    {
        var relations = await session.Rows(
            """
            select c.oid::regclass::text, quote_literal(c.oid::regclass::text),
              case
                when c.relkind = 'S' then 'hashtextextended(row(last_value, log_cnt, is_called)::text, 0)'
                when n.nspname <> 'pg_catalog' or c.relname in ('pg_class', 'pg_database') then 'hashtextextended(r::text, 0)'
                else 'xmin::text::bigint'
              end
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'm', 'S') and n.nspname <> 'information_schema' and n.nspname !~ '^pg_(toast|temp)'
            """,
            cancellationToken);
        var parts = relations.Select(relation => $"select {relation[1]}, count(*) || ':' || coalesce(sum({relation[2]}), 0) from {relation[0]} r");
        return string.Join("\nunion all ", [Standing, .. parts]);
    }
}
