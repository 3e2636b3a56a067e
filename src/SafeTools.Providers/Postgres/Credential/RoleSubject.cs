namespace SafeTools.Providers.Postgres;

/// <summary>What the credential is: attributes, memberships, and what belongs to it.</summary>
internal static class RoleSubject
{
    /// <summary>Predefined roles that only let read; any other one, also of a later version, counts as dangerous.</summary>
    private const string OnlyReads = "('pg_read_all_data', 'pg_monitor', 'pg_read_all_settings', 'pg_read_all_stats', 'pg_stat_scan_tables')";

    public const string Sql = $"""
        {Reach.Begin}
        owned (kind, name, owner) AS (
          SELECT CASE s.classid::regclass::text
              WHEN 'pg_database' THEN 'owner-of-database' WHEN 'pg_namespace' THEN 'owner-of-schema' WHEN 'pg_class' THEN 'owner-of-relation' WHEN 'pg_proc' THEN 'owner-of-function'
              WHEN 'pg_type' THEN 'owner-of-type' WHEN 'pg_largeobject' THEN 'owner-of-large-object' ELSE 'owner-of-other' END,
            pg_describe_object(s.classid, s.objid, s.objsubid), s.refobjid
          FROM pg_catalog.pg_shdepend s LEFT JOIN pg_catalog.pg_class c ON s.classid = 'pg_catalog.pg_class'::regclass AND c.oid = s.objid
          WHERE s.refclassid = 'pg_catalog.pg_authid'::regclass AND s.deptype = 'o' AND s.refobjid IN (SELECT oid FROM reach)
            AND s.dbid IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()))
            AND s.classid NOT IN ('pg_catalog.pg_user_mapping'::regclass, 'pg_catalog.pg_default_acl'::regclass) AND c.relpersistence IS DISTINCT FROM 't'
        )
        SELECT 'superuser', h.role || h.note, coalesce(h.leave, format('ALTER ROLE %s NOSUPERUSER;', h.role))
        FROM reach h JOIN pg_catalog.pg_roles r ON r.oid = h.oid WHERE r.rolsuper
        UNION ALL
        SELECT 'role-attribute', a.attribute || h.note, coalesce(h.leave, format('ALTER ROLE %s NO%s;', h.role, a.attribute))
        FROM reach h JOIN pg_catalog.pg_roles r ON r.oid = h.oid
          CROSS JOIN LATERAL (VALUES ('CREATEROLE', r.rolcreaterole), ('CREATEDB', r.rolcreatedb), ('REPLICATION', r.rolreplication), ('BYPASSRLS', r.rolbypassrls)) a (attribute, has)
        WHERE a.has
        UNION ALL
        SELECT CASE WHEN r.rolname NOT IN {OnlyReads} THEN 'predefined-role' WHEN r.rolname = 'pg_read_all_data' THEN 'reads-everything' ELSE 'reads-server' END, h.role || h.note, h.leave
        FROM reach h JOIN pg_catalog.pg_roles r ON r.oid = h.oid WHERE h.leave IS NOT NULL AND starts_with(r.rolname, 'pg_')
        UNION ALL
        SELECT 'role-admin', format('%I may be granted on%s', g.rolname, h.note), coalesce(h.leave, format('REVOKE ADMIN OPTION FOR %I FROM %s;', g.rolname, h.role))
        FROM reach h JOIN pg_catalog.pg_auth_members m ON m.member = h.oid JOIN pg_catalog.pg_roles g ON g.oid = m.roleid WHERE m.admin_option
        UNION ALL
        SELECT o.kind, format('%s%s%s', array_to_string((array_agg(o.name ORDER BY o.name))[1:5], ', '), CASE WHEN count(*) > 5 THEN format(' and %s more', count(*) - 5) ELSE '' END, h.note),
          coalesce(h.leave, format('REASSIGN OWNED BY %s TO CURRENT_USER;', h.role))
        FROM owned o JOIN reach h ON h.oid = o.owner GROUP BY o.kind, h.role, h.note, h.leave
        UNION ALL
        SELECT 'no-connection-limit', h.role, format('ALTER ROLE %s CONNECTION LIMIT 20;', h.role)
        FROM reach h JOIN pg_catalog.pg_roles r ON r.oid = h.oid WHERE r.rolname = session_user AND r.rolconnlimit = -1
        """;
}
