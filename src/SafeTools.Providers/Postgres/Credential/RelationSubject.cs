namespace SafeTools.Providers.Postgres;

/// <summary>Privileges to write on tables, views, columns and sequences, those that tables to come would bring, and ways through relations to other servers.</summary>
internal static class RelationSubject
{
    /// <summary>What initdb granted (UPDATE on pg_settings to everybody, which calls set_config) is no finding of its own.</summary>
    private const string FromTheStart = $"""
        (c.oid < {BuiltIns.FirstOfUsers} AND EXISTS (SELECT FROM pg_catalog.pg_init_privs i CROSS JOIN LATERAL aclexplode(i.initprivs) was
          WHERE i.objoid = c.oid AND i.classoid = 'pg_catalog.pg_class'::regclass AND i.objsubid = 0 AND was.grantee = x.grantee AND was.privilege_type = x.privilege_type))
        """;

    /// <summary><c>leads (oid)</c>: foreign tables, and what reads from one: views and partitioned tables. What a materialized view holds is here already.</summary>
    public const string Leads = """
        leads (oid) AS (
          SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relkind = 'f'
          UNION
          SELECT further.oid FROM leads l CROSS JOIN LATERAL (
            SELECT v.oid FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid AND r.ev_type = '1' JOIN pg_catalog.pg_class v ON v.oid = r.ev_class AND v.relkind = 'v'
            WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = l.oid
            UNION ALL SELECT i.inhparent FROM pg_catalog.pg_inherits i WHERE i.inhrelid = l.oid) further
        )
        """;

    public const string Sql = $"""
        {Reach.Begin}
        {Leads},
        granted AS (
          SELECT c.oid, c.relkind, n.nspname, c.relname, c.relowner, NULL::name AS attname, x.grantee, x.grantor, x.privilege_type, x.is_grantable
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace CROSS JOIN LATERAL aclexplode(c.relacl) x
          WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relpersistence <> 't' AND x.grantee <> c.relowner AND x.grantee IN (SELECT oid FROM holder) AND NOT {FromTheStart}
          UNION ALL
          SELECT c.oid, c.relkind, n.nspname, c.relname, c.relowner, a.attname, x.grantee, x.grantor, x.privilege_type, x.is_grantable
          FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace CROSS JOIN LATERAL aclexplode(a.attacl) x
          WHERE a.attacl IS NOT NULL AND NOT a.attisdropped AND c.relpersistence <> 't' AND x.grantee <> c.relowner AND x.grantee IN (SELECT oid FROM holder)
        ),
        {Reach.Found} AS (
          SELECT CASE g.relkind WHEN 'S' THEN 'sequence-write' ELSE 'table-write' END,
            format('%s on %I.%I', g.privileges, g.nspname, g.relname), format('REVOKE %s ON %s %I.%I', g.privileges, CASE g.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, g.nspname, g.relname),
            '', g.grantee, g.grantor, g.relowner, g.grantable
          FROM (
            SELECT relkind, nspname, relname, relowner, grantee, grantor, bool_or(is_grantable) AS grantable,
              string_agg(privilege_type || CASE WHEN attname IS NULL THEN '' ELSE format(' (%I)', attname) END, ', ' ORDER BY privilege_type, attname) AS privileges
            FROM granted WHERE privilege_type <> 'SELECT'
            GROUP BY relkind, nspname, relname, relowner, grantee, grantor, attname IS NULL) g
          UNION ALL
          SELECT DISTINCT 'grant-option', format('SELECT on %I.%I', nspname, relname), format('REVOKE GRANT OPTION FOR SELECT%s ON TABLE %I.%I', ' (' || quote_ident(attname) || ')', nspname, relname),
            '', grantee, grantor, relowner, true
          FROM granted WHERE privilege_type = 'SELECT' AND is_grantable
          UNION ALL
          SELECT DISTINCT 'foreign-table', format('%I.%I%s', nspname, relname, CASE relkind WHEN 'f' THEN '' ELSE ', which reads a foreign table' END),
            format('REVOKE SELECT ON TABLE %I.%I', nspname, relname), '', grantee, grantor, relowner, is_grantable
          FROM granted WHERE privilege_type = 'SELECT' AND oid IN (SELECT oid FROM leads)
        )
        {Reach.End}
        UNION ALL
        SELECT 'default-write', format('%s on %s to come%s of %I%s', d.privileges, d.what, d.place, d.creator, h.note),
          coalesce(h.leave, format('ALTER DEFAULT PRIVILEGES FOR ROLE %I%s REVOKE %s ON %s FROM %s;', d.creator, d.place, d.privileges, d.what, h.role))
        FROM (
          SELECT pg_get_userbyid(a.defaclrole) AS creator, CASE WHEN n.nspname IS NULL THEN '' ELSE format(' IN SCHEMA %I', n.nspname) END AS place, x.grantee,
            CASE a.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'L' THEN 'LARGE OBJECTS' ELSE 'SCHEMAS' END AS what, string_agg(x.privilege_type, ', ' ORDER BY x.privilege_type) AS privileges
          FROM pg_catalog.pg_default_acl a LEFT JOIN pg_catalog.pg_namespace n ON n.oid = a.defaclnamespace CROSS JOIN LATERAL aclexplode(a.defaclacl) x
          WHERE a.defaclobjtype IN ('r', 'S', 'n', 'L') AND x.grantee <> a.defaclrole AND x.grantee IN (SELECT oid FROM holder)
            AND x.privilege_type <> 'SELECT' AND NOT (a.defaclobjtype = 'n' AND x.privilege_type = 'USAGE')
          GROUP BY a.oid, a.defaclrole, a.defaclobjtype, n.nspname, x.grantee) d JOIN holder h ON h.oid = d.grantee
        """;
}
