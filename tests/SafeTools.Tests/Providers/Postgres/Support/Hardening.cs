namespace SafeTools.Tests.Providers.Postgres.Support;

/// <summary>What a careful administrator takes from everybody in a database that serves agents.</summary>
internal static class Hardening
{
    /// <param name="database">A name that needs no quotes.</param>
    public static string Of(string database) => $"""
        revoke temp on database {database} from public;;
        revoke usage on language plpgsql from public;;
        do $$ declare f regprocedure; begin
          for f in select p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where (n.nspname = 'pg_catalog' and (p.proname ~ '^(set_config|pg_sleep.*|pg_advisory_.*|pg_try_advisory_.*|pg_notify|pg_terminate_backend|pg_cancel_backend|lo_.*|lowrite|loread|pg_logical_emit_message|txid_current|pg_current_xact_id|pg_export_snapshot|(query|table|cursor|schema|database)_to_xml.*|ts_stat|pg_(database|relation|total_relation|table|indexes)_size|pg_get_functiondef|pg_get_viewdef|obj_description|col_description|pg_stat_get_activity)$'))
               or n.nspname in ('shop', 'public')
          loop execute format('revoke execute on routine %s from public', f); end loop;
        end $$
        """;
}
