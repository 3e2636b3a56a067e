namespace SafeTools.Providers.Postgres;

/// <summary>Where things can be made: databases, schemas, tablespaces, large objects, languages; and settings that were granted.</summary>
internal static class SpaceSubject
{
    /// <summary>A language that is not trusted is its superuser's, whatever was granted.</summary>
    public const string Sql = $"""
        {Reach.Begin}
        {Reach.Found} AS (
          SELECT 'schema-create', format('schema %I', n.nspname), format('REVOKE CREATE ON SCHEMA %I', n.nspname), '', x.grantee, x.grantor, n.nspowner, x.is_grantable
          FROM pg_catalog.pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) x
          WHERE x.privilege_type = 'CREATE' AND x.grantee <> n.nspowner AND n.nspname !~ '^pg_(toast|temp_|toast_temp_)'
          UNION ALL
          SELECT CASE x.privilege_type WHEN 'CREATE' THEN 'database-create' ELSE 'temp' END, format('database %I', d.datname), format('REVOKE %s ON DATABASE %I', x.privilege_type, d.datname),
            '', x.grantee, x.grantor, d.datdba, x.is_grantable
          FROM pg_catalog.pg_database d CROSS JOIN LATERAL aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) x
          WHERE d.datname = current_database() AND x.privilege_type <> 'CONNECT' AND x.grantee <> d.datdba
          UNION ALL
          SELECT 'tablespace-create', format('tablespace %I', t.spcname), format('REVOKE CREATE ON TABLESPACE %I', t.spcname), '', x.grantee, x.grantor, t.spcowner, x.is_grantable
          FROM pg_catalog.pg_tablespace t CROSS JOIN LATERAL aclexplode(t.spcacl) x WHERE x.grantee <> t.spcowner
          UNION ALL
          SELECT 'large-object-write', format('large object %s', l.oid), format('REVOKE UPDATE ON LARGE OBJECT %s', l.oid), '', l.grantee, l.grantor, l.lomowner, l.is_grantable
          FROM (SELECT m.oid, m.lomowner, x.* FROM pg_catalog.pg_largeobject_metadata m CROSS JOIN LATERAL aclexplode(m.lomacl) x
            WHERE m.lomacl IS NOT NULL AND x.privilege_type = 'UPDATE' AND x.grantee <> m.lomowner AND x.grantee IN (SELECT oid FROM holder) LIMIT 100) l
          UNION ALL
          SELECT 'language-usage', format('language %I', l.lanname), format('REVOKE USAGE ON LANGUAGE %I', l.lanname), '', x.grantee, x.grantor, l.lanowner, x.is_grantable
          FROM pg_catalog.pg_language l CROSS JOIN LATERAL aclexplode(coalesce(l.lanacl, acldefault('l', l.lanowner))) x
          WHERE l.lanpltrusted AND l.lanname <> 'sql' AND x.grantee <> l.lanowner
        )
        {Reach.End}
        UNION ALL
        SELECT 'lo-compat-privileges', format('database %I', current_database()), format('ALTER ROLE %I IN DATABASE %I SET lo_compat_privileges = off;', session_user, current_database())
        WHERE current_setting('lo_compat_privileges') = 'on'
        """;

    /// <summary>From PostgreSQL 15 on.</summary>
    public const string Parameters = $"""
        {Reach.Begin}
        {Reach.Found} AS (
          SELECT 'parameter-grant', format('%s on %s', x.privilege_type, p.parname), format('REVOKE %s ON PARAMETER %s', x.privilege_type, p.parname), '', x.grantee, x.grantor, 10::oid, x.is_grantable
          FROM pg_catalog.pg_parameter_acl p CROSS JOIN LATERAL aclexplode(p.paracl) x WHERE x.grantee <> 10
        )
        {Reach.End}
        """;

    /// <summary>From PostgreSQL 17 on: before, no event trigger runs on anything that a reader may do.</summary>
    public const string LoginTriggers = """
        SELECT 'login-trigger', quote_ident(e.evtname), format('ALTER EVENT TRIGGER %I DISABLE;', e.evtname) FROM pg_catalog.pg_event_trigger e WHERE e.evtevent = 'login' AND e.evtenabled <> 'D'
        """;
}
