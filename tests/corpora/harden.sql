-- What a superuser does to the same database before agents may read it. psql runs it as the superuser inside the database.
-- Owners and superusers keep what they have; what goes is what everybody had.

-- No roads to other servers, and nothing that runs the shop's careless functions.
revoke select on shop.ft_side, shop.ft_orders, shop.v_side from c_ro;
drop user mapping for public server lb;
create user mapping for c_owner server lb options (user 'c_rw', password 'pw');

-- No temporary tables; a copy of a database has PostgreSQL's own defaults again.
select format('revoke temp on database %I from public', current_database()) \gexec

-- No code in statements; functions that exist go on working.
revoke usage on language plpgsql from public;

do $$
declare
  routine regprocedure;
begin
  for routine in
    select p.oid::regprocedure
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname in ('shop', 'public')
      or n.nspname = 'pg_catalog' and p.proname ~ (
        '^(set_config|pg_sleep.*|pg_notify'
        '|pg_advisory_.*|pg_try_advisory_.*'
        '|pg_terminate_backend|pg_cancel_backend|pg_stat_get_activity'
        '|lo_.*|lowrite|loread'
        '|pg_logical_emit_message|txid_current|pg_current_xact_id|pg_export_snapshot'
        '|(query|table|cursor|schema|database)_to_xml.*|ts_stat'
        '|pg_(database|relation|total_relation|table|indexes)_size'
        '|pg_get_functiondef|obj_description|col_description)$')
  loop
    execute format('revoke execute on routine %s from public', routine);
  end loop;
end
$$;
