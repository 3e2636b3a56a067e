namespace SafeTools.Providers.Postgres;

/// <summary>
/// What every subject begins and ends with: the roles that the credential is or can become, by INHERIT or by SET ROLE, and from whom a privilege is taken.
/// A subject looks at grants by grantee, so that each is found once and its mending statement names exactly it.
/// </summary>
internal static class Reach
{
    /// <summary>
    /// <c>reach (oid, role, note, leave)</c>: the roles; <c>leave</c> takes the credential out of a reached one, null for the credential itself.
    /// <c>holder (oid, role, note, leave)</c>: the same and PUBLIC, as grantees.
    /// </summary>
    public const string Begin = """
        WITH RECURSIVE walk (oid, path, leave) AS (
          SELECT r.oid, '' COLLATE "C", NULL::text COLLATE "C" FROM pg_catalog.pg_roles r WHERE r.rolname IN (session_user, current_user)
          UNION
          SELECT g.oid, (w.path || CASE w.path WHEN '' THEN '' ELSE ' > ' END || quote_ident(g.rolname)) COLLATE "C",
            coalesce(w.leave, format('REVOKE %I FROM %I%s;', g.rolname, u.rolname,
              CASE WHEN current_setting('server_version_num')::int >= 160000 THEN format(' GRANTED BY %I', pg_get_userbyid(m.grantor)) ELSE '' END)) COLLATE "C"
          FROM walk w JOIN pg_catalog.pg_auth_members m ON m.member = w.oid JOIN pg_catalog.pg_roles g ON g.oid = m.roleid JOIN pg_catalog.pg_roles u ON u.oid = w.oid
        ),
        reach AS (
          SELECT DISTINCT ON (w.oid) w.oid, quote_ident(r.rolname) AS role, CASE w.path WHEN '' THEN '' ELSE format(' (through %s)', w.path) END AS note, w.leave
          FROM walk w JOIN pg_catalog.pg_roles r ON r.oid = w.oid ORDER BY w.oid, w.leave NULLS FIRST, w.path
        ),
        holder AS (SELECT 0::oid AS oid, 'PUBLIC' AS role, ' (granted to PUBLIC)' AS note, NULL::text AS leave UNION ALL SELECT * FROM reach),
        """;

    /// <summary>
    /// Over <c>found (kind, subject, revoke, afterwards, grantee, grantor, owner, grantable)</c>. A superuser's REVOKE speaks for the owner,
    /// so what somebody else granted is revoked in that role's name.
    /// </summary>
    public const string End = """
        SELECT f.kind, f.subject || h.note,
          CASE WHEN h.leave IS NOT NULL THEN h.leave
            WHEN f.grantor = f.owner THEN f.revoke || ' FROM ' || h.role || CASE WHEN f.grantable THEN ' CASCADE;' ELSE ';' END || replace(f.afterwards, '%grantee%', h.role)
            ELSE format('SET ROLE %I; ', pg_get_userbyid(f.grantor)) || f.revoke || ' FROM ' || h.role || CASE WHEN f.grantable THEN ' CASCADE; ' ELSE '; ' END || 'RESET ROLE;'
              || replace(f.afterwards, '%grantee%', h.role) END
        FROM found f JOIN holder h ON h.oid = f.grantee
        """;

    /// <summary>The columns of <c>found</c> in order, for a row that <see cref="End"/> reads.</summary>
    public const string Found = "found (kind, subject, revoke, afterwards, grantee, grantor, owner, grantable)";
}
