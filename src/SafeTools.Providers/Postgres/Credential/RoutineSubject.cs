namespace SafeTools.Providers.Postgres;

/// <summary>
/// Functions, procedures and aggregates that the credential may execute. Whether it may use their schemas does not matter: a view may call them for it.
/// An aggregate is what its parts are, since these run by the right of its owner.
/// </summary>
internal static class RoutineSubject
{
    /// <summary>Over <c>p</c> and <c>x</c>: initdb gave it to predefined roles, and the grantee is one; the membership is the finding.</summary>
    private const string OfPredefinedRole = """
        EXISTS (SELECT FROM pg_catalog.pg_init_privs i CROSS JOIN LATERAL aclexplode(i.initprivs) was
          WHERE i.objoid = p.oid AND i.classoid = 'pg_catalog.pg_proc'::regclass AND was.grantee <> 0 AND was.grantee = x.grantee)
        """;

    public const string Sql = $"""
        {Reach.Begin}
        parts (routine, part) AS (
          SELECT p.oid, p.oid FROM pg_catalog.pg_proc p WHERE p.oid >= {BuiltIns.FirstOfUsers} AND p.prokind <> 'a'
          UNION
          SELECT a.aggfnoid::oid, part FROM pg_catalog.pg_aggregate a
            CROSS JOIN LATERAL unnest(ARRAY[a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn, a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn]::oid[]) part
          WHERE a.aggfnoid::oid >= {BuiltIns.FirstOfUsers} AND part <> 0
        ),
        nature AS (
          SELECT s.routine, bool_or(p.prosecdef) AS definer, bool_or(l.lanname NOT IN ('internal', 'c') AND NOT l.lanpltrusted) AS untrusted,
            bool_or(l.lanname IN ('internal', 'c') AND p.oid >= {BuiltIns.FirstOfUsers}) AS native,
            bool_and(p.oid < {BuiltIns.FirstOfUsers} OR {Extensions.Holds} OR {BuiltIns.OtherNames}) AS harmless,
            string_agg(DISTINCT o.rolname, ', ') FILTER (WHERE p.prosecdef) AS runs_as
          FROM parts s JOIN pg_catalog.pg_proc p ON p.oid = s.part JOIN pg_catalog.pg_language l ON l.oid = p.prolang JOIN pg_catalog.pg_roles o ON o.oid = p.proowner
          GROUP BY s.routine
        ),
        executable AS (
          SELECT p.oid, p.proowner, x.grantee, x.grantor, x.is_grantable,
            CASE
              WHEN p.oid < {BuiltIns.FirstOfUsers} THEN CASE
                WHEN {OfPredefinedRole} THEN NULL
                WHEN {BuiltIns.Withheld} THEN 'restricted-builtin'
                WHEN {BuiltIns.DoMore} THEN CASE x.grantee WHEN 0 THEN 'public-builtin' ELSE 'restricted-builtin' END END
              WHEN n.definer THEN 'definer-function'
              WHEN NOT {BuiltIns.Callable} THEN NULL
              WHEN n.harmless AND (p.prokind <> 'a' OR {Extensions.Holds}) THEN NULL
              WHEN EXISTS (SELECT FROM pg_catalog.pg_depend held JOIN pg_catalog.pg_extension e ON e.oid = held.refobjid WHERE held.classid = 'pg_catalog.pg_proc'::regclass AND held.objid = p.oid
                AND held.refclassid = 'pg_catalog.pg_extension'::regclass AND held.deptype = 'e' AND e.extname IN {Extensions.Reaching}) THEN 'network-function'
              WHEN n.untrusted THEN 'untrusted-function'
              WHEN n.native THEN 'c-function'
              ELSE 'user-function' END AS kind,
            n.runs_as
          FROM pg_catalog.pg_proc p LEFT JOIN nature n ON n.routine = p.oid
            CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x JOIN holder h ON h.oid = x.grantee
          WHERE x.grantee <> p.proowner
        ),
        {Reach.Found} AS (
          SELECT e.kind, i.identity || CASE WHEN e.kind = 'definer-function' THEN format(', which runs as %s', e.runs_as) ELSE '' END,
            format('REVOKE EXECUTE ON ROUTINE %s', i.identity), '', e.grantee, e.grantor, e.proowner, e.is_grantable
          FROM executable e CROSS JOIN LATERAL pg_identify_object('pg_catalog.pg_proc'::regclass, e.oid, 0) i WHERE e.kind IS NOT NULL
        )
        {Reach.End}
        """;
}
