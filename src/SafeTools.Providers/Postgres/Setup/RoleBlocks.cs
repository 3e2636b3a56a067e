namespace SafeTools.Providers.Postgres;

/// <summary>The blocks of <see cref="RoleScript"/> about the role itself. They hold nothing that somebody typed.</summary>
internal static class RoleBlocks
{
    /// <summary>Rows of <c>named (attrelid, attnum)</c>: the columns to be masked.</summary>
    private const string Named = """
        named AS (
          SELECT a.attrelid, a.attnum FROM json_array_elements(current_setting('safetools.masked')::json) k
            JOIN pg_catalog.pg_namespace n ON n.nspname = k ->> 0 JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = k ->> 1
            JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = k ->> 2 AND a.attnum > 0 AND NOT a.attisdropped
        )
        """;

    public static string Checks { get; } = SqlBlock.Fill(
        """
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
          WITH %named%
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
        """, ("named", Named));

    public const string Role = """
        -- A role of its own.
        DO $safetools$
        BEGIN
          IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = current_setting('safetools.role')) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT', current_setting('safetools.role'));
          END IF;
          EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), current_setting('safetools.role'));
        END
        $safetools$;
        """;

    public const string TemporaryFiles = """
        -- A sort or a join that does not fit into memory may fill no disk. Only a superuser may set it.
        DO $safetools$
        BEGIN
          EXECUTE format('ALTER ROLE %I SET temp_file_limit = %L', current_setting('safetools.role'), '256MB');
        EXCEPTION WHEN insufficient_privilege THEN
          RAISE WARNING 'temp_file_limit was not set: only a superuser may.';
        END
        $safetools$;
        """;

    public const string EverybodyElse = $"""
        -- What is taken from PUBLIC below, {RoleScript.Others} keeps for everybody else, so that they notice nothing. Every role that is there when this
        -- first runs becomes a member. One that is made later and misses something:  GRANT {RoleScript.Others} TO NAME
        DO $safetools$
        DECLARE
          other record;
        BEGIN
          IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '{RoleScript.Others}') THEN
            CREATE ROLE {RoleScript.Others} NOLOGIN;
            FOR other IN SELECT r.rolname FROM pg_catalog.pg_roles r WHERE NOT r.rolsuper AND NOT starts_with(r.rolname, 'pg_')
              AND r.rolname NOT IN ('{RoleScript.Others}', current_setting('safetools.role')) AND NOT pg_has_role(current_setting('safetools.role'), r.oid, 'MEMBER')
            LOOP
              EXECUTE format('GRANT {RoleScript.Others} TO %I', other.rolname);
            END LOOP;
          ELSIF pg_has_role(current_setting('safetools.role'), '{RoleScript.Others}', 'MEMBER') THEN
            EXECUTE format('REVOKE {RoleScript.Others} FROM %I', current_setting('safetools.role'));
          END IF;
        END
        $safetools$;
        """;

    public static string Reading { get; } = SqlBlock.Fill(
        """
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
            WITH RECURSIVE %named%,
            %leads%,
            %tainted%
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
              EXECUTE format('GRANT SELECT ON TABLE %s TO %others%', item.name);
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
        """, ("named", Named), ("leads", RelationSubject.Leads), ("tainted", MaskedSubject.Tainted), ("others", RoleScript.Others));

    public static string MaskingViews { get; } = SqlBlock.Fill($"""
        -- A view for each masked table, {RoleScript.Views}.SCHEMA_TABLE, with NULL in place of what is masked, for those who write SELECT *. It reads with
        -- the reader's own rights, so it shows nothing that they could not read, and policies on rows hold. Before PostgreSQL 15: with those of the table's owner.
        DO $safetools$
        DECLARE
          agent text := current_setting('safetools.role');
          item record;
          view_name text;
        BEGIN
          CREATE SCHEMA IF NOT EXISTS {RoleScript.Views};
          EXECUTE format('GRANT USAGE ON SCHEMA {RoleScript.Views} TO %I', agent);
          FOR item IN
            WITH %named%
            SELECT n.nspname, c.relname, c.relowner,
              string_agg(CASE WHEN (a.attrelid, a.attnum) IN (SELECT attrelid, attnum FROM named)
                THEN format('NULL::%s AS %I', format_type(a.atttypid, a.atttypmod), a.attname) ELSE format('t.%I', a.attname) END, ', ' ORDER BY a.attnum) AS columns
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.oid IN (SELECT attrelid FROM named) GROUP BY n.nspname, c.relname, c.relowner
          LOOP
            view_name := format('{RoleScript.Views}.%I', item.nspname || '_' || item.relname);
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
        """, ("named", Named));

    public const string Marker = $"""
        -- What confirms the environment: a line of its own in the database's comment, which keeps what else it says. Without it: production.
        DO $safetools$
        DECLARE
          says text := coalesce(shobj_description((SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()), 'pg_database'), '');
        BEGIN
          says := regexp_replace(says, '\n?^[ \t]*safetools:[ \t]*environment=[^\n]*$', '', 'gn');
          EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), ltrim(says || E'\n' || '{EnvironmentMarker.Prefix}' || current_setting('safetools.environment'), E'\n'));
        END
        $safetools$;
        """;
}
