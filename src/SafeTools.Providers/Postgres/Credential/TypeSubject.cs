namespace SafeTools.Providers.Postgres;

/// <summary>
/// Types whose values cannot be read or made without running somebody's code: a domain's CHECK that calls a function which is not the server's own or does more than compute,
/// a base or range type of functions of users, an order or a hash of theirs, a cast to JSON by a function, which to_json calls. Privileges are asked for in the first case alone.
/// </summary>
internal static class TypeSubject
{
    public const string Sql = $"""
        {Reach.Begin}
        code AS (
          SELECT p.oid, p.proowner, p.proacl FROM pg_catalog.pg_proc p WHERE (p.oid >= {BuiltIns.FirstOfUsers} AND NOT {Extensions.Holds}) OR {BuiltIns.DoMore}
        ),
        checks AS (
          SELECT DISTINCT c.contypid, m[1]::oid AS function
          FROM pg_catalog.pg_constraint c CROSS JOIN LATERAL regexp_matches(c.conbin::text, ':(?:op)?funcid (\d+)', 'g') m WHERE c.contypid <> 0
        ),
        {Reach.Found} AS (
          SELECT 'type-runs-code', format('domain %s, whose CHECK calls %s', t.identity, f.identity), format('REVOKE EXECUTE ON ROUTINE %s', f.identity), '', x.grantee, x.grantor, p.proowner, x.is_grantable
          FROM checks c JOIN code p ON p.oid = c.function CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
            CROSS JOIN LATERAL pg_identify_object('pg_catalog.pg_type'::regclass, c.contypid, 0) t CROSS JOIN LATERAL pg_identify_object('pg_catalog.pg_proc'::regclass, p.oid, 0) f
          WHERE x.grantee <> p.proowner
        )
        {Reach.End}
        UNION ALL
        SELECT 'type-runs-code', format('type %s, whose input or output is %s', i.identity, f.identity), NULL
        FROM pg_catalog.pg_type t CROSS JOIN LATERAL unnest(ARRAY[t.typinput, t.typoutput, t.typreceive, t.typsend]::oid[]) part JOIN code p ON p.oid = part
          CROSS JOIN LATERAL pg_identify_object('pg_catalog.pg_type'::regclass, t.oid, 0) i CROSS JOIN LATERAL pg_identify_object('pg_catalog.pg_proc'::regclass, p.oid, 0) f
        WHERE t.oid >= {BuiltIns.FirstOfUsers}
        UNION ALL
        SELECT 'type-runs-code', format('range %s, which calls %s', i.identity, f.identity), NULL
        FROM pg_catalog.pg_range r CROSS JOIN LATERAL unnest(ARRAY[r.rngcanonical, r.rngsubdiff]::oid[]) part JOIN code p ON p.oid = part
          CROSS JOIN LATERAL pg_identify_object('pg_catalog.pg_type'::regclass, r.rngtypid, 0) i CROSS JOIN LATERAL pg_identify_object('pg_catalog.pg_proc'::regclass, p.oid, 0) f
        UNION ALL
        SELECT DISTINCT 'type-runs-code', format('operator family %s, which calls %s', i.identity, f.identity), NULL::text
        FROM pg_catalog.pg_amproc a JOIN code p ON p.oid = a.amproc::oid
          CROSS JOIN LATERAL pg_identify_object('pg_catalog.pg_opfamily'::regclass, a.amprocfamily, 0) i CROSS JOIN LATERAL pg_identify_object('pg_catalog.pg_proc'::regclass, p.oid, 0) f
        UNION ALL
        SELECT 'type-runs-code', format('cast from %s to %s by %s', s.identity, t.identity, f.identity), format('DROP CAST (%s AS %s);', s.identity, t.identity)
        FROM pg_catalog.pg_cast c JOIN code p ON p.oid = c.castfunc CROSS JOIN LATERAL pg_identify_object('pg_catalog.pg_type'::regclass, c.castsource, 0) s
          CROSS JOIN LATERAL pg_identify_object('pg_catalog.pg_type'::regclass, c.casttarget, 0) t CROSS JOIN LATERAL pg_identify_object('pg_catalog.pg_proc'::regclass, p.oid, 0) f
        WHERE c.casttarget IN ('json'::regtype, 'jsonb'::regtype)
        """;
}
