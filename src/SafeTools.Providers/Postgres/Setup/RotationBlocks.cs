namespace SafeTools.Providers.Postgres;

/// <summary>The blocks of <see cref="RotationScript"/> about schema, tables and roles. They hold nothing that somebody typed.</summary>
internal static class RotationBlocks
{
    /// <summary>The comment by which the schema is known as ours.</summary>
    private const string Mark = "safetools: rotation";

    private const string Schema = RotationScript.Schema;

    public const string Checks = $"""
        -- Nothing is done where something is not as it was meant.
        DO $safetools$
        DECLARE
          wrong text;
        BEGIN
          IF current_setting('safetools.database') NOT IN ('', current_database()) THEN
            RAISE EXCEPTION 'This is the database %, not %.', current_database(), current_setting('safetools.database');
          END IF;
          IF NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN
            RAISE EXCEPTION 'Only a superuser can run this: the functions must be able to see whether a password was changed by others.';
          END IF;
          IF EXISTS (SELECT FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_roles o ON o.oid = n.nspowner
            WHERE n.nspname = '{Schema}' AND (NOT o.rolsuper OR obj_description(n.oid, 'pg_namespace') IS DISTINCT FROM '{Mark}')) THEN
            RAISE EXCEPTION 'There is a schema {Schema} that this text did not make.';
          END IF;
          IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = current_setting('safetools.owner_role')) THEN
            RAISE EXCEPTION 'There is no role %.', current_setting('safetools.owner_role');
          END IF;
          SELECT r.rolname INTO wrong FROM pg_catalog.pg_roles r
          WHERE r.rolname IN (SELECT json_array_elements_text(current_setting('safetools.slots')::json) UNION ALL SELECT current_setting('safetools.rotator'))
            AND (r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls OR r.rolname = session_user) LIMIT 1;
          IF wrong IS NOT NULL THEN
            RAISE EXCEPTION 'The role % is more than an application''s. Choose another one.', wrong;
          END IF;
          SELECT r.rolname INTO wrong FROM pg_catalog.pg_roles r WHERE r.rolname = current_setting('safetools.rotator') AND (
            EXISTS (SELECT FROM pg_catalog.pg_shdepend s WHERE s.refclassid = 'pg_catalog.pg_authid'::regclass AND s.refobjid = r.oid AND s.deptype = 'o')
            OR EXISTS (SELECT FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid AND g.rolname <> '{RoleScript.Others}'));
          IF wrong IS NOT NULL THEN
            RAISE EXCEPTION 'The role % owns something or is a member of another role. Choose another name.', wrong;
          END IF;
        END
        $safetools$;
        """;

    public const string Place = $"""
        -- Where the slots are remembered. Nobody but a superuser may look at or change these tables.
        CREATE SCHEMA IF NOT EXISTS {Schema};
        COMMENT ON SCHEMA {Schema} IS '{Mark}';
        CREATE TABLE IF NOT EXISTS {Schema}.slots (
          service text NOT NULL,
          slot text NOT NULL CHECK (slot IN ('a', 'b')),
          role name NOT NULL UNIQUE,
          owner_role name NOT NULL,
          rotator name NOT NULL,
          version bigint NOT NULL DEFAULT 0,
          set_at timestamptz NOT NULL DEFAULT now(),
          verifier_sha256 text,
          PRIMARY KEY (service, slot)
        );
        CREATE TABLE IF NOT EXISTS {Schema}.log (
          at timestamptz NOT NULL DEFAULT clock_timestamp(),
          caller name NOT NULL DEFAULT session_user,
          service text NOT NULL,
          slot text NOT NULL,
          role name NOT NULL,
          what text NOT NULL,
          version bigint NOT NULL,
          valid_until timestamptz,
          verifier_sha256 text
        );
        REVOKE ALL ON SCHEMA {Schema} FROM PUBLIC;
        REVOKE ALL ON {Schema}.slots, {Schema}.log FROM PUBLIC;
        """;

    public const string Roles = $"""
        -- The roles, where they do not exist yet, and which slot is whose. A second slot cannot log in before its first rotation.
        DO $safetools$
        DECLARE
          item record;
          known {Schema}.slots;
          digest text;
        BEGIN
          IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = current_setting('safetools.rotator')) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT', current_setting('safetools.rotator'));
          END IF;
          EXECUTE format('ALTER ROLE %I LOGIN NOINHERIT CONNECTION LIMIT 20', current_setting('safetools.rotator'));
          EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), current_setting('safetools.rotator'));
          IF EXISTS (SELECT FROM {Schema}.slots s WHERE s.service = current_setting('safetools.service') AND s.role NOT IN (SELECT json_array_elements_text(current_setting('safetools.slots')::json))) THEN
            RAISE EXCEPTION 'The service % has a slot of another role. Name the same roles, or delete its rows from {Schema}.slots first.', current_setting('safetools.service');
          END IF;
          FOR item IN
            SELECT CASE r.ordinality WHEN 1 THEN 'a' ELSE 'b' END AS slot, r.role FROM json_array_elements_text(current_setting('safetools.slots')::json) WITH ORDINALITY r (role, ordinality)
          LOOP
            SELECT * INTO known FROM {Schema}.slots s WHERE s.role = item.role;
            IF known.service <> current_setting('safetools.service') OR known.slot <> item.slot THEN
              RAISE EXCEPTION 'The role % is slot % of the service % already.', item.role, known.slot, known.service;
            END IF;
            IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = item.role) THEN
              EXECUTE format('CREATE ROLE %I %s', item.role, CASE item.slot WHEN 'a' THEN 'LOGIN' ELSE 'NOLOGIN' END);
            ELSIF item.slot = 'b' AND known.service IS NULL AND (SELECT rolcanlogin FROM pg_catalog.pg_roles WHERE rolname = item.role) THEN
              RAISE EXCEPTION 'The role % can log in. The second slot must be one that nobody uses: ALTER ROLE % NOLOGIN, if nobody does.', item.role, quote_ident(item.role);
            END IF;
            EXECUTE format('GRANT %I TO %I', current_setting('safetools.owner_role'), item.role);
            -- An application keeps what safetools init postgres took from PUBLIC.
            IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '{RoleScript.Others}') THEN
              EXECUTE format('GRANT {RoleScript.Others} TO %I', item.role);
            END IF;
            SELECT encode(sha256(convert_to(a.rolpassword, 'UTF8')), 'hex') INTO digest FROM pg_catalog.pg_authid a WHERE a.rolname = item.role;
            IF known.service IS NULL THEN
              INSERT INTO {Schema}.slots (service, slot, role, owner_role, rotator, verifier_sha256)
                VALUES (current_setting('safetools.service'), item.slot, item.role, current_setting('safetools.owner_role'), current_setting('safetools.rotator'), digest);
            ELSE
              UPDATE {Schema}.slots s SET owner_role = current_setting('safetools.owner_role'), rotator = current_setting('safetools.rotator'), verifier_sha256 = digest,
                version = s.version + CASE WHEN s.verifier_sha256 IS DISTINCT FROM digest THEN 1 ELSE 0 END,
                set_at = CASE WHEN s.verifier_sha256 IS DISTINCT FROM digest THEN now() ELSE s.set_at END WHERE s.role = item.role;
            END IF;
            IF known.service IS NULL OR known.verifier_sha256 IS DISTINCT FROM digest THEN
              INSERT INTO {Schema}.log (service, slot, role, what, version, verifier_sha256) SELECT s.service, s.slot, s.role, 'taken as it is', s.version, digest FROM {Schema}.slots s WHERE s.role = item.role;
            END IF;
          END LOOP;
          IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = '{RoleScript.Others}') THEN
            EXECUTE format('REVOKE {RoleScript.Others} FROM %I', current_setting('safetools.rotator'));
          END IF;
        END
        $safetools$;
        """;

    public const string Grants = $"""
        -- The functions are the rotating roles' alone, and each goes by who is logged in, whatever it is told.
        REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA {Schema} FROM PUBLIC;
        DO $safetools$
        BEGIN
          EXECUTE format('GRANT USAGE ON SCHEMA {Schema} TO %I', current_setting('safetools.rotator'));
          EXECUTE format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {Schema} TO %I', current_setting('safetools.rotator'));
        END
        $safetools$;
        """;
}
