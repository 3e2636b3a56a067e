namespace SafeTools.Providers.Postgres;

/// <summary>The blocks of <see cref="RoleScript"/> that take from PUBLIC what a reader must not have, and keep it for everybody else.</summary>
internal static class PublicBlocks
{
    /// <summary>A role that does not inherit would not get it through the membership.</summary>
    private const string Keepers = $"""
        (SELECT string_agg(quote_ident(r.rolname), ', ') FROM pg_catalog.pg_roles r
            WHERE r.rolname = '{RoleScript.Others}' OR (NOT r.rolinherit AND EXISTS (SELECT FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles o ON o.oid = m.roleid AND o.rolname = '{RoleScript.Others}' WHERE m.member = r.oid)))
        """;

    public static string Places { get; } = SqlBlock.Fill($"""
        -- Nobody may make temporary tables here, or objects in a schema, or run code of their own (DO), or write to a table, just because they may connect.
        DO $safetools$
        DECLARE
          keepers text := %keepers%;
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
            WHERE c.oid >= {BuiltIns.FirstOfUsers} AND c.relpersistence <> 't' AND x.grantee = 0 AND x.privilege_type <> 'SELECT' GROUP BY n.nspname, c.relname, c.relkind, c.relowner
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
        """, ("keepers", Keepers));

    public static string Functions { get; } = SqlBlock.Fill($"""
        -- Functions that do more than compute. The server's own: what is VOLATILE and not known to be harmless (pg_sleep, set_config, advisory locks,
        -- large objects, …), and the few others that run SQL or tell what others wrote. Of users: all in the schemas; anywhere else those that run with
        -- another's rights, those in a language that can do everything, and those of extensions. Extensions that only compute stay.
        -- A function that a view needs:  GRANT EXECUTE ON FUNCTION … TO the role, by hand; this text does not take that back.
        DO $safetools$
        DECLARE
          agent text := current_setting('safetools.role');
          keepers text := %keepers%;
          item record;
          left_over int := 0;
        BEGIN
          FOR item IN
            SELECT i.identity, p.proowner AS owner, bool_or(x.grantee = 0) AS of_public, bool_or(x.grantee <> 0 AND (p.oid < {BuiltIns.FirstOfUsers} OR p.prosecdef OR NOT l.lanpltrusted)) AS of_agent
            FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace JOIN pg_catalog.pg_language l ON l.oid = p.prolang
              CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x CROSS JOIN LATERAL pg_identify_object('pg_catalog.pg_proc'::regclass, p.oid, 0) i
            WHERE (x.grantee = 0 OR x.grantee = (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = agent)) AND (
              %do-more%
              OR (p.oid >= {BuiltIns.FirstOfUsers} AND (p.prosecdef OR NOT (
                %of-harmless-extension%
                OR %other-name%
                OR (l.lanpltrusted AND n.nspname NOT IN (SELECT json_array_elements_text(current_setting('safetools.schemas')::json)) AND NOT
                  %of-extension%)))))
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
        """, ("keepers", Keepers), ("do-more", BuiltIns.DoMore), ("of-harmless-extension", Extensions.Holds), ("other-name", BuiltIns.OtherNames), ("of-extension", Extensions.Any));
}
