namespace SafeTools.Providers.Postgres;

/// <summary>
/// The columns that nobody may read: each exists, the credential has no privilege on it (nor on it in a parent or a partition), and no view that it may read
/// depends on it. A view that asks for the reader's own rights (security_invoker) reads nothing that the reader could not.
/// </summary>
internal static class MaskedSubject
{
    /// <summary>One parameter, a JSON text: a list of [schema, table, column].</summary>
    public const string Sql = $"""
        {Reach.Begin}
        asked AS (SELECT e ->> 0 AS nspname, e ->> 1 AS relname, e ->> 2 AS attname FROM json_array_elements($1::json) e),
        named AS (
          SELECT k.nspname, k.relname, k.attname, a.attrelid, a.attnum
          FROM asked k LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = k.nspname LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = k.relname AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
            LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = k.attname AND a.attnum > 0 AND NOT a.attisdropped
        ),
        {Tainted},
        masked AS (
          SELECT b.attrelid, b.attnum, n.nspname, c.relname, a.attname, c.relowner, c.relacl, a.attacl, format('%I.%I.%I', n.nspname, c.relname, a.attname) AS name,
            (SELECT string_agg(quote_ident(o.attname), ', ' ORDER BY o.attnum) FROM pg_catalog.pg_attribute o
              WHERE o.attrelid = c.oid AND o.attnum > 0 AND NOT o.attisdropped AND (o.attrelid, o.attnum) NOT IN (SELECT attrelid, attnum FROM hidden)) AS others
          FROM hidden b JOIN pg_catalog.pg_class c ON c.oid = b.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            JOIN pg_catalog.pg_attribute a ON a.attrelid = b.attrelid AND a.attnum = b.attnum
        ),
        {Reach.Found} AS (
          SELECT 'masked-readable', m.name, format('REVOKE SELECT ON TABLE %I.%I', m.nspname, m.relname),
            CASE WHEN m.others IS NULL THEN '' ELSE format(' GRANT SELECT (%s) ON TABLE %I.%I TO %%grantee%%;', m.others, m.nspname, m.relname) END, x.grantee, x.grantor, m.relowner, x.is_grantable
          FROM masked m CROSS JOIN LATERAL aclexplode(m.relacl) x WHERE x.privilege_type = 'SELECT' AND x.grantee <> m.relowner
          UNION ALL
          SELECT 'masked-readable', m.name, format('REVOKE SELECT (%I) ON TABLE %I.%I', m.attname, m.nspname, m.relname), '', x.grantee, x.grantor, m.relowner, x.is_grantable
          FROM masked m CROSS JOIN LATERAL aclexplode(m.attacl) x WHERE x.privilege_type = 'SELECT' AND x.grantee <> m.relowner
          UNION ALL
          SELECT DISTINCT 'masked-readable', format('%I.%I, which may show a masked column', n.nspname, v.relname), format('REVOKE SELECT ON TABLE %I.%I', n.nspname, v.relname),
            '', x.grantee, x.grantor, v.relowner, x.is_grantable
          FROM tainted t JOIN pg_catalog.pg_class v ON v.oid = t.oid JOIN pg_catalog.pg_namespace n ON n.oid = v.relnamespace
            CROSS JOIN LATERAL (SELECT * FROM aclexplode(v.relacl) UNION ALL SELECT x.* FROM pg_catalog.pg_attribute a CROSS JOIN LATERAL aclexplode(a.attacl) x WHERE a.attrelid = v.oid AND a.attacl IS NOT NULL) x
          WHERE x.privilege_type = 'SELECT' AND x.grantee <> v.relowner AND NOT t.invoker
        )
        {Reach.End}
        UNION ALL
        SELECT 'masked-readable', m.name || CASE h.note WHEN '' THEN ' (by ownership or as superuser)' ELSE h.note END,
          coalesce(h.leave, CASE WHEN r.rolsuper THEN format('ALTER ROLE %s NOSUPERUSER;', h.role) ELSE format('ALTER TABLE %I.%I OWNER TO CURRENT_USER;', m.nspname, m.relname) END)
        FROM masked m CROSS JOIN reach h JOIN pg_catalog.pg_roles r ON r.oid = h.oid
        WHERE r.rolsuper OR m.relowner = h.oid OR r.rolname = 'pg_read_all_data'
        UNION ALL
        SELECT 'masked-missing', format('%I.%I.%I', k.nspname, k.relname, k.attname), NULL FROM named k WHERE k.attrelid IS NULL
        """;

    /// <summary>
    /// From <c>named (attrelid, attnum)</c>: <c>hidden</c>, the columns with those of the same name in parents and partitions, and <c>tainted (oid, invoker)</c>, the views that
    /// may show one. A view's dependency on a column is in pg_depend; one on the row as a whole is only in its tree. What reads a tainted view counts as tainted.
    /// </summary>
    public const string Tainted = """
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
        """;
}
