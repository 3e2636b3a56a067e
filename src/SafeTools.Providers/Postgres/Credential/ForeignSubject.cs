namespace SafeTools.Providers.Postgres;

/// <summary>Ways to other servers and to files: wrappers, servers, and what the server would log in there with.</summary>
internal static class ForeignSubject
{
    public const string Sql = $"""
        {Reach.Begin}
        {Reach.Found} AS (
          SELECT 'foreign-server', format('server %I', s.srvname), format('REVOKE USAGE ON FOREIGN SERVER %I', s.srvname), '', x.grantee, x.grantor, s.srvowner, x.is_grantable
          FROM pg_catalog.pg_foreign_server s CROSS JOIN LATERAL aclexplode(s.srvacl) x WHERE x.grantee <> s.srvowner
          UNION ALL
          SELECT 'foreign-wrapper', format('wrapper %I', w.fdwname), format('REVOKE USAGE ON FOREIGN DATA WRAPPER %I', w.fdwname), '', x.grantee, x.grantor, w.fdwowner, x.is_grantable
          FROM pg_catalog.pg_foreign_data_wrapper w CROSS JOIN LATERAL aclexplode(w.fdwacl) x WHERE x.grantee <> w.fdwowner
        )
        {Reach.End}
        UNION ALL
        SELECT CASE u.umuser WHEN 0 THEN 'public-user-mapping' ELSE 'user-mapping' END, format('server %I%s', u.srvname, h.note),
          coalesce(h.leave, format('DROP USER MAPPING FOR %s SERVER %I;', h.role, u.srvname))
        FROM pg_catalog.pg_user_mappings u JOIN holder h ON h.oid = u.umuser
        """;
}
