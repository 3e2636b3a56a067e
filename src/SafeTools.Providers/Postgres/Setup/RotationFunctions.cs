namespace SafeTools.Providers.Postgres;

/// <summary>
/// The functions that <see cref="RotationScript"/> makes. They run as a superuser, so each checks everything itself: the caller is the service's rotating
/// role, the role is what it was when the service was set up, the version is the one that the caller saw. What they refuse, they refuse with a code of
/// their own (<see cref="RotationFault"/>).
/// </summary>
internal static class RotationFunctions
{
    private const string Schema = RotationScript.Schema;

    /// <summary>All that the rotating role may call.</summary>
    public static IReadOnlyList<string> Names { get; } = ["state", "set_verifier", "retire", "end_sessions"];

    /// <summary>Over a row <c>a</c> of pg_authid: somebody who knows its password gets in.</summary>
    private const string LetsIn = "(a.rolcanlogin AND a.rolpassword IS NOT NULL AND (a.rolvaliduntil IS NULL OR a.rolvaliduntil > now()))";

    /// <summary>Over a row <c>a</c> of pg_authid: it is more than an application may be.</summary>
    private const string IsMore = "(a.rolsuper OR a.rolcreaterole OR a.rolcreatedb OR a.rolreplication OR a.rolbypassrls)";

    private const string Digest = "encode(sha256(convert_to(a.rolpassword, 'UTF8')), 'hex')";

    public const string State = $"""
        -- What the caller's service is like now. Digests of verifiers, never a verifier.
        CREATE OR REPLACE FUNCTION {Schema}.state(p_service text)
        RETURNS TABLE (slot text, role text, owner_role text, version bigint, set_at timestamptz, verifier_sha256 text, is_role boolean, lets_in boolean, valid_until timestamptz,
          changed_by_others boolean, is_member boolean, is_more boolean, sessions bigint)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $safetools$
          SELECT s.slot, s.role::text, s.owner_role::text, s.version, s.set_at, s.verifier_sha256, a.oid IS NOT NULL, coalesce({LetsIn}, false),
            CASE WHEN isfinite(a.rolvaliduntil) THEN a.rolvaliduntil END, {Digest} IS DISTINCT FROM s.verifier_sha256,
            coalesce(pg_has_role(a.oid, o.oid, 'MEMBER'), false), coalesce({IsMore}, false), (SELECT count(*) FROM pg_stat_activity v WHERE v.usesysid = a.oid)
          FROM {Schema}.slots s LEFT JOIN pg_authid a ON a.rolname = s.role LEFT JOIN pg_authid o ON o.rolname = s.owner_role
          WHERE s.service = p_service AND s.rotator = session_user ORDER BY s.slot
        $safetools$;
        """;

    public const string SetVerifier = $"""
        -- Gives a slot a password by its SCRAM-SHA-256 verifier (RFC 5803), so that the password itself never comes here.
        -- Of two slots only one that nobody can use now: an application holds the other one. Answers the slot's new version.
        CREATE OR REPLACE FUNCTION {Schema}.set_verifier(p_service text, p_slot text, p_expected bigint, p_verifier text, p_valid_until timestamptz)
        RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET log_statement = 'none' AS $safetools$
        #variable_conflict use_column
        DECLARE
          chosen {Schema}.slots;
          a pg_authid;
          slots_of_service bigint;
        BEGIN
          PERFORM FROM {Schema}.slots s WHERE s.service = p_service AND s.rotator = session_user ORDER BY s.slot FOR UPDATE;
          SELECT count(*) INTO slots_of_service FROM {Schema}.slots s WHERE s.service = p_service;
          SELECT * INTO chosen FROM {Schema}.slots s WHERE s.service = p_service AND s.slot = p_slot AND s.rotator = session_user;
          IF NOT FOUND THEN
            RAISE EXCEPTION 'no such slot of this caller' USING ERRCODE = '{RotationFault.NoSuchSlot}';
          END IF;
          IF p_verifier IS NULL OR p_verifier !~ '^SCRAM-SHA-256\$4096:[A-Za-z0-9+/]{"{22}"}==\$[A-Za-z0-9+/]{"{43}"}=:[A-Za-z0-9+/]{"{43}"}=$' THEN
            RAISE EXCEPTION 'not a SCRAM-SHA-256 verifier' USING ERRCODE = '{RotationFault.NotAVerifier}';
          END IF;
          IF p_valid_until IS NULL OR p_valid_until <= now() OR p_valid_until > now() + interval '91 days' THEN
            RAISE EXCEPTION 'valid_until out of bounds' USING ERRCODE = '{RotationFault.OutOfBounds}';
          END IF;
          IF p_expected IS DISTINCT FROM chosen.version THEN
            RAISE EXCEPTION 'another version' USING ERRCODE = '{RotationFault.AnotherVersion}';
          END IF;
          SELECT * INTO a FROM pg_authid r WHERE r.rolname = chosen.role;
          IF a.oid IS NULL OR {IsMore} THEN
            RAISE EXCEPTION 'the role is gone, or is more than an application now' USING ERRCODE = '{RotationFault.NotAnApplication}';
          END IF;
          IF NOT coalesce(pg_has_role(a.oid, (SELECT o.oid FROM pg_authid o WHERE o.rolname = chosen.owner_role), 'MEMBER'), false) THEN
            RAISE EXCEPTION 'the role is no member of the owner role' USING ERRCODE = '{RotationFault.NotAMember}';
          END IF;
          IF {Digest} IS DISTINCT FROM chosen.verifier_sha256 THEN
            RAISE EXCEPTION 'the password was changed by others' USING ERRCODE = '{RotationFault.ChangedByOthers}';
          END IF;
          IF slots_of_service > 1 AND {LetsIn} THEN
            RAISE EXCEPTION 'the slot can be used still' USING ERRCODE = '{RotationFault.InUse}';
          END IF;
          IF slots_of_service > 1 AND EXISTS (SELECT FROM pg_stat_activity v WHERE v.usesysid = a.oid) THEN
            RAISE EXCEPTION 'the slot has sessions' USING ERRCODE = '{RotationFault.HasSessions}';
          END IF;
          EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L VALID UNTIL %L', chosen.role, p_verifier, p_valid_until);
          UPDATE {Schema}.slots s SET version = s.version + 1, set_at = now(), verifier_sha256 = encode(sha256(convert_to(p_verifier, 'UTF8')), 'hex')
            WHERE s.service = p_service AND s.slot = p_slot RETURNING * INTO chosen;
          INSERT INTO {Schema}.log (service, slot, role, what, version, valid_until, verifier_sha256)
            VALUES (p_service, p_slot, chosen.role, 'set', chosen.version, p_valid_until, chosen.verifier_sha256);
          RETURN chosen.version;
        END
        $safetools$;
        """;

    public const string Retire = $"""
        -- Takes a slot's password and its right to log in; end_sessions then ends what it has open. Never the last one that works.
        CREATE OR REPLACE FUNCTION {Schema}.retire(p_service text, p_slot text, p_expected bigint)
        RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $safetools$
        #variable_conflict use_column
        DECLARE
          chosen {Schema}.slots;
          a pg_authid;
        BEGIN
          PERFORM FROM {Schema}.slots s WHERE s.service = p_service AND s.rotator = session_user ORDER BY s.slot FOR UPDATE;
          SELECT * INTO chosen FROM {Schema}.slots s WHERE s.service = p_service AND s.slot = p_slot AND s.rotator = session_user;
          IF NOT FOUND THEN
            RAISE EXCEPTION 'no such slot of this caller' USING ERRCODE = '{RotationFault.NoSuchSlot}';
          END IF;
          IF p_expected IS DISTINCT FROM chosen.version THEN
            RAISE EXCEPTION 'another version' USING ERRCODE = '{RotationFault.AnotherVersion}';
          END IF;
          SELECT * INTO a FROM pg_authid r WHERE r.rolname = chosen.role;
          IF a.oid IS NULL OR {IsMore} THEN
            RAISE EXCEPTION 'the role is gone, or is more than an application now' USING ERRCODE = '{RotationFault.NotAnApplication}';
          END IF;
          IF {Digest} IS DISTINCT FROM chosen.verifier_sha256 THEN
            RAISE EXCEPTION 'the password was changed by others' USING ERRCODE = '{RotationFault.ChangedByOthers}';
          END IF;
          IF {LetsIn} AND NOT EXISTS (SELECT FROM {Schema}.slots s JOIN pg_authid a ON a.rolname = s.role WHERE s.service = p_service AND s.slot <> p_slot AND {LetsIn}) THEN
            RAISE EXCEPTION 'no other slot can be used' USING ERRCODE = '{RotationFault.LastOne}';
          END IF;
          EXECUTE format('ALTER ROLE %I NOLOGIN PASSWORD NULL VALID UNTIL ''-infinity''', chosen.role);
          UPDATE {Schema}.slots s SET version = s.version + 1, set_at = now(), verifier_sha256 = NULL WHERE s.service = p_service AND s.slot = p_slot RETURNING * INTO chosen;
          INSERT INTO {Schema}.log (service, slot, role, what, version) VALUES (p_service, p_slot, chosen.role, 'retired', chosen.version);
          RETURN chosen.version;
        END
        $safetools$;
        """;

    public const string EndSessions = $"""
        -- Ends the sessions of a slot that was retired. Apart from that, because nobody new may get in while they end.
        CREATE OR REPLACE FUNCTION {Schema}.end_sessions(p_service text, p_slot text)
        RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $safetools$
          SELECT count(*) FILTER (WHERE pg_terminate_backend(v.pid)) FROM {Schema}.slots s JOIN pg_authid a ON a.rolname = s.role JOIN pg_stat_activity v ON v.usesysid = a.oid
          WHERE s.service = p_service AND s.slot = p_slot AND s.rotator = session_user AND NOT {LetsIn} AND NOT {IsMore}
        $safetools$;
        """;
}
