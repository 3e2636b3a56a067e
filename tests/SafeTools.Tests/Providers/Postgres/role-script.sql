-- SafeTools: makes "shop_agent" a role that can read and do nothing else, as safetools doctor proves it.
-- Read it, then run it in the database that the tools read, as a superuser:  psql -d DATABASE -f FILE
-- Where nobody is one, as the owner of the tables who may also make roles; what is the provider's own stays, and warnings say so.
-- All of it happens or nothing does. Running it again changes nothing, and takes in tables that were made since.
\set ON_ERROR_STOP on
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL standard_conforming_strings = on;
SET LOCAL search_path = '';

-- What it is about; the blocks below go by it.
SET LOCAL safetools.role = 'shop_agent';
SET LOCAL safetools.database = 'shop';
SET LOCAL safetools.schemas = '["shop","public"]';
SET LOCAL safetools.masked = '[["shop","customers","card"]]';
SET LOCAL safetools.environment = 'staging';

-- Nothing is done where something is not as it was meant.
DO $safetools$
DECLARE
  agent pg_catalog.pg_roles;
  missing text;
BEGIN
  IF current_setting('safetools.database') NOT IN ('', current_database()) THEN
    RAISE EXCEPTION 'This is the database %, not %.', current_database(), current_setting('safetools.database');
  END IF;
  SELECT s INTO missing FROM json_array_elements_text(current_setting('safetools.schemas')::json) s WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.nspname = s) LIMIT 1;
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION 'There is no schema %.', missing;
  END IF;
  WITH named AS (
    SELECT a.attrelid, a.attnum FROM json_array_elements(current_setting('safetools.masked')::json) k
      JOIN pg_catalog.pg_namespace n ON n.nspname = k ->> 0 JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = k ->> 1
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = k ->> 2 AND a.attnum > 0 AND NOT a.attisdropped
  )
  SELECT k::text INTO missing FROM json_array_elements(current_setting('safetools.masked')::json) k WHERE NOT EXISTS (
    SELECT FROM named m JOIN pg_catalog.pg_class c ON c.oid = m.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_attribute a ON a.attrelid = m.attrelid AND a.attnum = m.attnum WHERE (n.nspname, c.relname, a.attname) = (k ->> 0, k ->> 1, k ->> 2)) LIMIT 1;
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION 'There is no column %.', missing;
  END IF;
  SELECT * INTO agent FROM pg_catalog.pg_roles WHERE rolname = current_setting('safetools.role');
  IF agent.rolsuper OR agent.rolcreaterole OR agent.rolcreatedb OR agent.rolreplication OR agent.rolbypassrls OR agent.rolname = session_user
    OR EXISTS (SELECT FROM pg_catalog.pg_shdepend s WHERE s.refclassid = 'pg_catalog.pg_authid'::regclass AND s.refobjid = agent.oid AND s.deptype = 'o') THEN
    RAISE EXCEPTION 'The role % is more than a reader already. Choose another name.', agent.rolname;
  END IF;
END
$safetools$;

-- A role of its own.
DO $safetools$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = current_setting('safetools.role')) THEN
    EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT', current_setting('safetools.role'));
  END IF;
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), current_setting('safetools.role'));
END
$safetools$;

-- It inherits nothing and has 20 connections at most. Its settings keep a forgotten query short; a session can change them, and the proof relies on none.
ALTER ROLE "shop_agent" LOGIN NOINHERIT CONNECTION LIMIT 20;
ALTER ROLE "shop_agent" SET default_transaction_read_only = on;
ALTER ROLE "shop_agent" SET statement_timeout = '30s';
ALTER ROLE "shop_agent" SET lock_timeout = '2s';
ALTER ROLE "shop_agent" SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE "shop_agent" SET search_path = "shop", "public";

-- A sort or a join that does not fit into memory may fill no disk. Only a superuser may set it.
DO $safetools$
BEGIN
  EXECUTE format('ALTER ROLE %I SET temp_file_limit = %L', current_setting('safetools.role'), '256MB');
EXCEPTION WHEN insufficient_privilege THEN
  RAISE WARNING 'temp_file_limit was not set: only a superuser may.';
END
$safetools$;

-- What is taken from PUBLIC below, safetools_others keeps for everybody else, so that they notice nothing. Every role that is there when this
-- first runs becomes a member. One that is made later and misses something:  GRANT safetools_others TO NAME
DO $safetools$
DECLARE
  other record;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'safetools_others') THEN
    CREATE ROLE safetools_others NOLOGIN;
    FOR other IN SELECT r.rolname FROM pg_catalog.pg_roles r WHERE NOT r.rolsuper AND NOT starts_with(r.rolname, 'pg_')
      AND r.rolname NOT IN ('safetools_others', current_setting('safetools.role')) AND NOT pg_has_role(current_setting('safetools.role'), r.oid, 'MEMBER')
    LOOP
      EXECUTE format('GRANT safetools_others TO %I', other.rolname);
    END LOOP;
  ELSIF pg_has_role(current_setting('safetools.role'), 'safetools_others', 'MEMBER') THEN
    EXECUTE format('REVOKE safetools_others FROM %I', current_setting('safetools.role'));
  END IF;
END
$safetools$;

-- It may read the tables and views of the schemas: of a masked table every other column; no foreign table, for that is another server or a file;
-- no view that reads one or may show a masked column, not even where everybody may; nothing of an extension. A table that is made later needs a grant of its own: run this again.
-- ALTER DEFAULT PRIVILEGES would spare that, and would open tables that nobody looked at.
DO $safetools$
DECLARE
  agent text := current_setting('safetools.role');
  item record;
BEGIN
  FOR item IN SELECT s AS name FROM json_array_elements_text(current_setting('safetools.schemas')::json) s LOOP
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', item.name, agent);
  END LOOP;
  FOR item IN
    WITH RECURSIVE named AS (
      SELECT a.attrelid, a.attnum FROM json_array_elements(current_setting('safetools.masked')::json) k
        JOIN pg_catalog.pg_namespace n ON n.nspname = k ->> 0 JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = k ->> 1
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = k ->> 2 AND a.attnum > 0 AND NOT a.attisdropped
    ),
    leads (oid) AS (
      SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relkind = 'f'
      UNION
      SELECT further.oid FROM leads l CROSS JOIN LATERAL (
        SELECT v.oid FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid AND r.ev_type = '1' JOIN pg_catalog.pg_class v ON v.oid = r.ev_class AND v.relkind = 'v'
        WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = l.oid
        UNION ALL SELECT i.inhparent FROM pg_catalog.pg_inherits i WHERE i.inhrelid = l.oid) further
    ),
    hidden (attrelid, attnum) AS (
      SELECT attrelid, attnum FROM named WHERE attrelid IS NOT NULL
      UNION
      SELECT k.oid, a.attnum FROM hidden b JOIN pg_catalog.pg_attribute same ON same.attrelid = b.attrelid AND same.attnum = b.attnum
        CROSS JOIN LATERAL (SELECT inhrelid AS oid FROM pg_catalog.pg_inherits WHERE inhparent = b.attrelid UNION ALL SELECT inhparent FROM pg_catalog.pg_inherits WHERE inhrelid = b.attrelid) k
        JOIN pg_catalog.pg_attribute a ON a.attrelid = k.oid AND a.attname = same.attname AND NOT a.attisdropped
    ),
    reads AS (
      SELECT DISTINCT d.refobjid, d.refobjsubid, r.ev_class, r.ev_action::text LIKE '%:varattno 0 %' AS whole
      FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid AND r.ev_type = '1'
      WHERE EXISTS (SELECT FROM hidden) AND d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass AND r.ev_class <> d.refobjid
    ),
    tainting (oid) AS (
      SELECT r.ev_class FROM reads r JOIN hidden b ON b.attrelid = r.refobjid AND (r.refobjsubid = b.attnum OR r.whole)
      UNION
      SELECT r.ev_class FROM tainting t JOIN reads r ON r.refobjid = t.oid
    ),
    tainted AS (
      SELECT t.oid, coalesce(v.reloptions && ARRAY['security_invoker=true', 'security_invoker=on', 'security_invoker=1', 'security_invoker=yes'], false) AS invoker
      FROM tainting t JOIN pg_catalog.pg_class v ON v.oid = t.oid
    )
    SELECT format('%I.%I', n.nspname, c.relname) AS name, CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind, EXISTS (SELECT FROM hidden b WHERE b.attrelid = c.oid) AS masks,
      (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND (a.attrelid, a.attnum) NOT IN (SELECT attrelid, attnum FROM hidden)) AS columns,
      c.relkind = 'S' OR c.oid IN (SELECT oid FROM leads) OR c.oid IN (SELECT oid FROM tainted WHERE NOT invoker)
        OR EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') AS closed,
      (EXISTS (SELECT FROM hidden b WHERE b.attrelid = c.oid) OR c.oid IN (SELECT oid FROM leads) OR c.oid IN (SELECT oid FROM tainted WHERE NOT invoker))
        AND EXISTS (SELECT FROM aclexplode(c.relacl) x WHERE x.grantee = 0 AND x.privilege_type = 'SELECT') AS of_public
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname IN (SELECT json_array_elements_text(current_setting('safetools.schemas')::json))
  LOOP
    -- What it had before goes, so that a new mask holds.
    EXECUTE format('REVOKE ALL ON %s %s FROM %I', item.kind, item.name, agent);
    IF item.of_public THEN
      EXECUTE format('GRANT SELECT ON TABLE %s TO safetools_others', item.name);
      EXECUTE format('REVOKE SELECT ON TABLE %s FROM PUBLIC', item.name);
    END IF;
    IF item.closed OR item.columns IS NULL THEN
      CONTINUE;
    ELSIF item.masks THEN
      EXECUTE format('GRANT SELECT (%s) ON TABLE %s TO %I', item.columns, item.name, agent);
    ELSE
      EXECUTE format('GRANT SELECT ON TABLE %s TO %I', item.name, agent);
    END IF;
  END LOOP;
END
$safetools$;

-- A view for each masked table, safetools.SCHEMA_TABLE, with NULL in place of what is masked, for those who write SELECT *. It reads with
-- the reader's own rights, so it shows nothing that they could not read, and policies on rows hold. Before PostgreSQL 15: with those of the table's owner.
DO $safetools$
DECLARE
  agent text := current_setting('safetools.role');
  item record;
  view_name text;
BEGIN
  CREATE SCHEMA IF NOT EXISTS safetools;
  EXECUTE format('GRANT USAGE ON SCHEMA safetools TO %I', agent);
  FOR item IN
    WITH named AS (
      SELECT a.attrelid, a.attnum FROM json_array_elements(current_setting('safetools.masked')::json) k
        JOIN pg_catalog.pg_namespace n ON n.nspname = k ->> 0 JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = k ->> 1
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = k ->> 2 AND a.attnum > 0 AND NOT a.attisdropped
    )
    SELECT n.nspname, c.relname, c.relowner,
      string_agg(CASE WHEN (a.attrelid, a.attnum) IN (SELECT attrelid, attnum FROM named)
        THEN format('NULL::%s AS %I', format_type(a.atttypid, a.atttypmod), a.attname) ELSE format('t.%I', a.attname) END, ', ' ORDER BY a.attnum) AS columns
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.oid IN (SELECT attrelid FROM named) GROUP BY n.nspname, c.relname, c.relowner
  LOOP
    view_name := format('safetools.%I', item.nspname || '_' || item.relname);
    IF to_regclass(view_name) IS NOT NULL AND obj_description(to_regclass(view_name), 'pg_class') IS DISTINCT FROM format('safetools: %I.%I, masked', item.nspname, item.relname) THEN
      RAISE EXCEPTION '% is there already, and is not a masking view of %.%.', view_name, item.nspname, item.relname;
    END IF;
    EXECUTE format('DROP VIEW IF EXISTS %s', view_name);
    EXECUTE format('CREATE VIEW %s WITH (security_barrier%s) AS SELECT %s FROM %I.%I t', view_name,
      CASE WHEN current_setting('server_version_num')::int >= 150000 THEN ', security_invoker' ELSE '' END, item.columns, item.nspname, item.relname);
    IF current_setting('server_version_num')::int < 150000 THEN
      EXECUTE format('ALTER VIEW %s OWNER TO %I', view_name, pg_get_userbyid(item.relowner));
    END IF;
    EXECUTE format('COMMENT ON VIEW %s IS %L', view_name, format('safetools: %I.%I, masked', item.nspname, item.relname));
    EXECUTE format('GRANT SELECT ON %s TO %I', view_name, agent);
  END LOOP;
END
$safetools$;

-- Nobody may make temporary tables here, or objects in a schema, or run code of their own (DO), or write to a table, just because they may connect.
DO $safetools$
DECLARE
  keepers text := (SELECT string_agg(quote_ident(r.rolname), ', ') FROM pg_catalog.pg_roles r
      WHERE r.rolname = 'safetools_others' OR (NOT r.rolinherit AND EXISTS (SELECT FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles o ON o.oid = m.roleid AND o.rolname = 'safetools_others' WHERE m.member = r.oid)));
  item record;
BEGIN
  FOR item IN
    SELECT format('TEMPORARY ON DATABASE %I', d.datname) AS privilege, d.datdba AS owner FROM pg_catalog.pg_database d
    WHERE d.datname = current_database() AND EXISTS (SELECT FROM aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) x WHERE x.grantee = 0 AND x.privilege_type = 'TEMPORARY')
    UNION ALL
    SELECT format('CREATE ON SCHEMA %I', n.nspname), n.nspowner FROM pg_catalog.pg_namespace n WHERE EXISTS (SELECT FROM aclexplode(n.nspacl) x WHERE x.grantee = 0 AND x.privilege_type = 'CREATE')
    UNION ALL
    SELECT format('%s ON %s %I.%I', string_agg(x.privilege_type, ', '), CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, n.nspname, c.relname), c.relowner
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace CROSS JOIN LATERAL aclexplode(c.relacl) x
    WHERE c.oid >= 16384 AND c.relpersistence <> 't' AND x.grantee = 0 AND x.privilege_type <> 'SELECT' GROUP BY n.nspname, c.relname, c.relkind, c.relowner
    UNION ALL
    SELECT format('USAGE ON LANGUAGE %I', l.lanname), l.lanowner FROM pg_catalog.pg_language l
    WHERE l.lanpltrusted AND l.lanname <> 'sql' AND EXISTS (SELECT FROM aclexplode(coalesce(l.lanacl, acldefault('l', l.lanowner))) x WHERE x.grantee = 0)
  LOOP
    IF NOT pg_has_role(item.owner, 'USAGE') THEN
      RAISE WARNING 'Everybody keeps % here: only % may take it away.', item.privilege, pg_get_userbyid(item.owner);
      CONTINUE;
    END IF;
    EXECUTE format('GRANT %s TO %s', item.privilege, keepers);
    EXECUTE format('REVOKE %s FROM PUBLIC', item.privilege);
  END LOOP;
END
$safetools$;

-- Functions that do more than compute. The server's own: what is VOLATILE and not known to be harmless (pg_sleep, set_config, advisory locks,
-- large objects, …), and the few others that run SQL or tell what others wrote. Of users: all in the schemas; anywhere else those that run with
-- another's rights, those in a language that can do everything, and those of extensions. Extensions that only compute stay.
-- A function that a view needs:  GRANT EXECUTE ON FUNCTION … TO the role, by hand; this text does not take that back.
DO $safetools$
DECLARE
  agent text := current_setting('safetools.role');
  keepers text := (SELECT string_agg(quote_ident(r.rolname), ', ') FROM pg_catalog.pg_roles r
      WHERE r.rolname = 'safetools_others' OR (NOT r.rolinherit AND EXISTS (SELECT FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles o ON o.oid = m.roleid AND o.rolname = 'safetools_others' WHERE m.member = r.oid)));
  item record;
  left_over int := 0;
BEGIN
  FOR item IN
    SELECT i.identity, p.proowner AS owner, bool_or(x.grantee = 0) AS of_public, bool_or(x.grantee <> 0 AND (p.oid < 16384 OR p.prosecdef OR NOT l.lanpltrusted)) AS of_agent
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang
      CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x CROSS JOIN LATERAL pg_identify_object('pg_catalog.pg_proc'::regclass, p.oid, 0) i
    WHERE (x.grantee = 0 OR x.grantee = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = agent)) AND (
      (p.oid < 16384 AND (NOT p.proargtypes::oid[] && ARRAY['internal', 'trigger', 'event_trigger', 'language_handler', 'index_am_handler', 'table_am_handler', 'tsm_handler', 'fdw_handler']::regtype[]::oid[]
       AND p.prorettype <> ALL (ARRAY['internal', 'trigger', 'event_trigger', 'language_handler', 'index_am_handler', 'table_am_handler', 'tsm_handler', 'fdw_handler']::regtype[]::oid[])) AND (
        (p.provolatile = 'v' AND p.proname <> ALL ('{clock_timestamp,timeofday,random,random_normal,setseed,gen_random_uuid,uuidv4,uuidv7,array_shuffle,array_sample,
      nextval,setval,currval,lastval,pg_sequence_last_value,pg_get_sequence_data,
      pg_control_system,pg_control_checkpoint,pg_control_init,pg_control_recovery,pg_is_in_recovery,pg_is_wal_replay_paused,pg_get_wal_replay_pause_state,
      pg_current_wal_lsn,pg_current_wal_insert_lsn,pg_current_wal_flush_lsn,pg_last_wal_receive_lsn,pg_last_wal_replay_lsn,pg_last_xact_replay_timestamp,
      pg_jit_available,pg_collation_actual_version,pg_database_collation_actual_version,pg_last_committed_xact,
      pg_partition_tree,pg_partition_ancestors,amvalidate,current_query}'::name[]))
        OR (p.provolatile <> 'v' AND p.proname = ANY ('{table_to_xml,table_to_xmlschema,table_to_xml_and_xmlschema,schema_to_xml,schema_to_xmlschema,schema_to_xml_and_xmlschema,
      database_to_xml,database_to_xmlschema,database_to_xml_and_xmlschema,txid_current,pg_current_xact_id,
      pg_get_functiondef,obj_description,col_description,pg_stat_get_activity,pg_stat_get_backend_activity}'::name[]))))
      OR (p.oid >= 16384 AND (p.prosecdef OR NOT (
        EXISTS (SELECT FROM pg_catalog.pg_depend held JOIN pg_catalog.pg_extension e ON e.oid = held.refobjid JOIN (VALUES ('bloom', 'isv'), ('btree_gin', 'isv'), ('btree_gist', 'isv'), ('citext', 'isv'), ('cube', 'isv'), ('dict_int', 'isv'), ('dict_xsyn', 'isv'),
          ('earthdistance', 'isv'), ('fuzzystrmatch', 'isv'), ('hstore', 'isv'), ('intarray', 'isv'), ('isn', 'isv'), ('ltree', 'isv'), ('pg_trgm', 'isv'),
          ('pgcrypto', 'isv'), ('postgis', 'i'), ('seg', 'isv'), ('tsm_system_rows', 'isv'), ('tsm_system_time', 'isv'), ('unaccent', 'isv'), ('uuid-ossp', 'isv'), ('vector', 'isv')) known (name, volatilities) ON known.name = e.extname
          WHERE held.classid = 'pg_catalog.pg_proc'::regclass AND held.objid = p.oid AND held.refclassid = 'pg_catalog.pg_extension'::regclass AND held.deptype = 'e'
            AND strpos(known.volatilities, p.provolatile::text) > 0)
        OR (p.prolang = 12 AND p.prosrc IN (SELECT p.prosrc FROM pg_catalog.pg_proc p WHERE p.oid < 16384 AND p.prolang = 12 AND (NOT p.proargtypes::oid[] && ARRAY['internal', 'trigger', 'event_trigger', 'language_handler', 'index_am_handler', 'table_am_handler', 'tsm_handler', 'fdw_handler']::regtype[]::oid[]
         AND p.prorettype <> ALL (ARRAY['internal', 'trigger', 'event_trigger', 'language_handler', 'index_am_handler', 'table_am_handler', 'tsm_handler', 'fdw_handler']::regtype[]::oid[])) AND NOT (p.oid < 16384 AND (NOT p.proargtypes::oid[] && ARRAY['internal', 'trigger', 'event_trigger', 'language_handler', 'index_am_handler', 'table_am_handler', 'tsm_handler', 'fdw_handler']::regtype[]::oid[]
         AND p.prorettype <> ALL (ARRAY['internal', 'trigger', 'event_trigger', 'language_handler', 'index_am_handler', 'table_am_handler', 'tsm_handler', 'fdw_handler']::regtype[]::oid[])) AND (
          (p.provolatile = 'v' AND p.proname <> ALL ('{clock_timestamp,timeofday,random,random_normal,setseed,gen_random_uuid,uuidv4,uuidv7,array_shuffle,array_sample,
        nextval,setval,currval,lastval,pg_sequence_last_value,pg_get_sequence_data,
        pg_control_system,pg_control_checkpoint,pg_control_init,pg_control_recovery,pg_is_in_recovery,pg_is_wal_replay_paused,pg_get_wal_replay_pause_state,
        pg_current_wal_lsn,pg_current_wal_insert_lsn,pg_current_wal_flush_lsn,pg_last_wal_receive_lsn,pg_last_wal_replay_lsn,pg_last_xact_replay_timestamp,
        pg_jit_available,pg_collation_actual_version,pg_database_collation_actual_version,pg_last_committed_xact,
        pg_partition_tree,pg_partition_ancestors,amvalidate,current_query}'::name[]))
          OR (p.provolatile <> 'v' AND p.proname = ANY ('{table_to_xml,table_to_xmlschema,table_to_xml_and_xmlschema,schema_to_xml,schema_to_xmlschema,schema_to_xml_and_xmlschema,
        database_to_xml,database_to_xmlschema,database_to_xml_and_xmlschema,txid_current,pg_current_xact_id,
        pg_get_functiondef,obj_description,col_description,pg_stat_get_activity,pg_stat_get_backend_activity}'::name[])))) AND NOT EXISTS (SELECT FROM pg_catalog.pg_init_privs i WHERE i.objoid = p.oid AND i.classoid = 'pg_catalog.pg_proc'::regclass
          AND NOT EXISTS (SELECT FROM aclexplode(i.initprivs) was WHERE was.grantee = 0))))
        OR (l.lanpltrusted AND n.nspname NOT IN (SELECT json_array_elements_text(current_setting('safetools.schemas')::json)) AND NOT
          EXISTS (SELECT FROM pg_catalog.pg_depend held WHERE held.classid = 'pg_catalog.pg_proc'::regclass AND held.objid = p.oid AND held.deptype = 'e'))))))
    GROUP BY i.identity, p.proowner
  LOOP
    IF NOT pg_has_role(item.owner, 'USAGE') THEN
      left_over := left_over + 1;
      CONTINUE;
    END IF;
    IF item.of_public THEN
      EXECUTE format('GRANT EXECUTE ON ROUTINE %s TO %s', item.identity, keepers);
      EXECUTE format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC', item.identity);
    END IF;
    IF item.of_agent THEN
      EXECUTE format('REVOKE EXECUTE ON ROUTINE %s FROM %I', item.identity, agent);
    END IF;
  END LOOP;
  IF left_over > 0 THEN
    RAISE WARNING '% functions stay as they are: their owners alone may take them away. safetools doctor names them.', left_over;
  END IF;
END
$safetools$;

-- What confirms the environment: a line of its own in the database's comment, which keeps what else it says. Without it: production.
DO $safetools$
DECLARE
  says text := coalesce(shobj_description((SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()), 'pg_database'), '');
BEGIN
  says := regexp_replace(says, '\n?^[ \t]*safetools:[ \t]*environment=[^\n]*$', '', 'gn');
  EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), ltrim(says || E'\n' || 'safetools: environment=' || current_setting('safetools.environment'), E'\n'));
END
$safetools$;

COMMIT;

-- Now give it a password; psql asks for it, and it stands in no file:  \password "shop_agent"
-- Then: safetools doctor
