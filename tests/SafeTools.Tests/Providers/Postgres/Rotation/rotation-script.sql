-- SafeTools: lets "shop_rotator" give the application shop new passwords, and do nothing else.
-- Read it, then run it as a superuser in the database of the application:  psql -d DATABASE -f FILE
-- All of it happens or nothing does. Running it again changes no password; it takes the slots' passwords as they are then,
-- which is the way out where something else changed one.
\set ON_ERROR_STOP on
BEGIN;
SET LOCAL client_min_messages = warning;
SET LOCAL standard_conforming_strings = on;
SET LOCAL search_path = '';

-- What it is about; the blocks below go by it.
SET LOCAL safetools.service = 'shop';
SET LOCAL safetools.owner_role = 'shop_app';
SET LOCAL safetools.slots = '["shop_app_a","shop_app_b"]';
SET LOCAL safetools.rotator = 'shop_rotator';
SET LOCAL safetools.database = 'shop';

-- Nothing is done where something is not as it was meant.
DO $safetools$
DECLARE
  wrong text;
BEGIN
  IF current_setting('safetools.database') NOT IN ('', current_database()) THEN
    RAISE EXCEPTION 'This is the database %, not %.', current_database(), current_setting('safetools.database');
  END IF;
  IF NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN
    RAISE EXCEPTION 'Only a superuser can run this: the functions must be able to see whether a password was changed by others.';
  END IF;
  IF EXISTS (SELECT FROM pg_catalog.pg_namespace n JOIN pg_catalog.pg_roles o ON o.oid = n.nspowner
    WHERE n.nspname = 'safetools_rotation' AND (NOT o.rolsuper OR obj_description(n.oid, 'pg_namespace') IS DISTINCT FROM 'safetools: rotation')) THEN
    RAISE EXCEPTION 'There is a schema safetools_rotation that this text did not make.';
  END IF;
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = current_setting('safetools.owner_role')) THEN
    RAISE EXCEPTION 'There is no role %.', current_setting('safetools.owner_role');
  END IF;
  SELECT r.rolname INTO wrong FROM pg_catalog.pg_roles r
  WHERE r.rolname IN (SELECT json_array_elements_text(current_setting('safetools.slots')::json) UNION ALL SELECT current_setting('safetools.rotator'))
    AND (r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls OR r.rolname = session_user) LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'The role % is more than an application''s. Choose another one.', wrong;
  END IF;
  SELECT r.rolname INTO wrong FROM pg_catalog.pg_roles r WHERE r.rolname = current_setting('safetools.rotator') AND (
    EXISTS (SELECT FROM pg_catalog.pg_shdepend s WHERE s.refclassid = 'pg_catalog.pg_authid'::regclass AND s.refobjid = r.oid AND s.deptype = 'o')
    OR EXISTS (SELECT FROM pg_catalog.pg_auth_members m JOIN pg_catalog.pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid AND g.rolname <> 'safetools_others'));
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'The role % owns something or is a member of another role. Choose another name.', wrong;
  END IF;
END
$safetools$;

-- Where the slots are remembered. Nobody but a superuser may look at or change these tables.
CREATE SCHEMA IF NOT EXISTS safetools_rotation;
COMMENT ON SCHEMA safetools_rotation IS 'safetools: rotation';
CREATE TABLE IF NOT EXISTS safetools_rotation.slots (
  service text NOT NULL,
  slot text NOT NULL CHECK (slot IN ('a', 'b')),
  role name NOT NULL UNIQUE,
  owner_role name NOT NULL,
  rotator name NOT NULL,
  version bigint NOT NULL DEFAULT 0,
  set_at timestamptz NOT NULL DEFAULT now(),
  verifier_sha256 text,
  PRIMARY KEY (service, slot)
);
CREATE TABLE IF NOT EXISTS safetools_rotation.log (
  at timestamptz NOT NULL DEFAULT clock_timestamp(),
  caller name NOT NULL DEFAULT session_user,
  service text NOT NULL,
  slot text NOT NULL,
  role name NOT NULL,
  what text NOT NULL,
  version bigint NOT NULL,
  valid_until timestamptz,
  verifier_sha256 text
);
REVOKE ALL ON SCHEMA safetools_rotation FROM PUBLIC;
REVOKE ALL ON safetools_rotation.slots, safetools_rotation.log FROM PUBLIC;

-- The roles, where they do not exist yet, and which slot is whose. A second slot cannot log in before its first rotation.
DO $safetools$
DECLARE
  item record;
  known safetools_rotation.slots;
  digest text;
BEGIN
  IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = current_setting('safetools.rotator')) THEN
    EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT', current_setting('safetools.rotator'));
  END IF;
  EXECUTE format('ALTER ROLE %I LOGIN NOINHERIT CONNECTION LIMIT 20', current_setting('safetools.rotator'));
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), current_setting('safetools.rotator'));
  IF EXISTS (SELECT FROM safetools_rotation.slots s WHERE s.service = current_setting('safetools.service') AND s.role NOT IN (SELECT json_array_elements_text(current_setting('safetools.slots')::json))) THEN
    RAISE EXCEPTION 'The service % has a slot of another role. Name the same roles, or delete its rows from safetools_rotation.slots first.', current_setting('safetools.service');
  END IF;
  FOR item IN
    SELECT CASE r.ordinality WHEN 1 THEN 'a' ELSE 'b' END AS slot, r.role FROM json_array_elements_text(current_setting('safetools.slots')::json) WITH ORDINALITY r (role, ordinality)
  LOOP
    SELECT * INTO known FROM safetools_rotation.slots s WHERE s.role = item.role;
    IF known.service <> current_setting('safetools.service') OR known.slot <> item.slot THEN
      RAISE EXCEPTION 'The role % is slot % of the service % already.', item.role, known.slot, known.service;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = item.role) THEN
      EXECUTE format('CREATE ROLE %I %s', item.role, CASE item.slot WHEN 'a' THEN 'LOGIN' ELSE 'NOLOGIN' END);
    ELSIF item.slot = 'b' AND known.service IS NULL AND (SELECT rolcanlogin FROM pg_catalog.pg_roles WHERE rolname = item.role) THEN
      RAISE EXCEPTION 'The role % can log in. The second slot must be one that nobody uses: ALTER ROLE % NOLOGIN, if nobody does.', item.role, quote_ident(item.role);
    END IF;
    EXECUTE format('GRANT %I TO %I', current_setting('safetools.owner_role'), item.role);
    -- An application keeps what safetools init postgres took from PUBLIC.
    IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'safetools_others') THEN
      EXECUTE format('GRANT safetools_others TO %I', item.role);
    END IF;
    SELECT encode(sha256(convert_to(a.rolpassword, 'UTF8')), 'hex') INTO digest FROM pg_catalog.pg_authid a WHERE a.rolname = item.role;
    IF known.service IS NULL THEN
      INSERT INTO safetools_rotation.slots (service, slot, role, owner_role, rotator, verifier_sha256)
        VALUES (current_setting('safetools.service'), item.slot, item.role, current_setting('safetools.owner_role'), current_setting('safetools.rotator'), digest);
    ELSE
      UPDATE safetools_rotation.slots s SET owner_role = current_setting('safetools.owner_role'), rotator = current_setting('safetools.rotator'), verifier_sha256 = digest,
        version = s.version + CASE WHEN s.verifier_sha256 IS DISTINCT FROM digest THEN 1 ELSE 0 END,
        set_at = CASE WHEN s.verifier_sha256 IS DISTINCT FROM digest THEN now() ELSE s.set_at END WHERE s.role = item.role;
    END IF;
    IF known.service IS NULL OR known.verifier_sha256 IS DISTINCT FROM digest THEN
      INSERT INTO safetools_rotation.log (service, slot, role, what, version, verifier_sha256) SELECT s.service, s.slot, s.role, 'taken as it is', s.version, digest FROM safetools_rotation.slots s WHERE s.role = item.role;
    END IF;
  END LOOP;
  IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'safetools_others') THEN
    EXECUTE format('REVOKE safetools_others FROM %I', current_setting('safetools.rotator'));
  END IF;
END
$safetools$;

-- What the caller's service is like now. Digests of verifiers, never a verifier.
CREATE OR REPLACE FUNCTION safetools_rotation.state(p_service text)
RETURNS TABLE (slot text, role text, owner_role text, version bigint, set_at timestamptz, verifier_sha256 text, is_role boolean, lets_in boolean, valid_until timestamptz,
  changed_by_others boolean, is_member boolean, is_more boolean, sessions bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $safetools$
  SELECT s.slot, s.role::text, s.owner_role::text, s.version, s.set_at, s.verifier_sha256, a.oid IS NOT NULL, coalesce((a.rolcanlogin AND a.rolpassword IS NOT NULL AND (a.rolvaliduntil IS NULL OR a.rolvaliduntil > now())), false),
    CASE WHEN isfinite(a.rolvaliduntil) THEN a.rolvaliduntil END, encode(sha256(convert_to(a.rolpassword, 'UTF8')), 'hex') IS DISTINCT FROM s.verifier_sha256,
    coalesce(pg_has_role(a.oid, o.oid, 'MEMBER'), false), coalesce((a.rolsuper OR a.rolcreaterole OR a.rolcreatedb OR a.rolreplication OR a.rolbypassrls), false), (SELECT count(*) FROM pg_stat_activity v WHERE v.usesysid = a.oid)
  FROM safetools_rotation.slots s LEFT JOIN pg_authid a ON a.rolname = s.role LEFT JOIN pg_authid o ON o.rolname = s.owner_role
  WHERE s.service = p_service AND s.rotator = session_user ORDER BY s.slot
$safetools$;

-- Gives a slot a password by its SCRAM-SHA-256 verifier (RFC 5803), so that the password itself never comes here.
-- Of two slots only one that nobody can use now: an application holds the other one. Answers the slot's new version.
CREATE OR REPLACE FUNCTION safetools_rotation.set_verifier(p_service text, p_slot text, p_expected bigint, p_verifier text, p_valid_until timestamptz)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET log_statement = 'none' AS $safetools$
#variable_conflict use_column
DECLARE
  chosen safetools_rotation.slots;
  a pg_authid;
  slots_of_service bigint;
BEGIN
  PERFORM FROM safetools_rotation.slots s WHERE s.service = p_service AND s.rotator = session_user ORDER BY s.slot FOR UPDATE;
  SELECT count(*) INTO slots_of_service FROM safetools_rotation.slots s WHERE s.service = p_service;
  SELECT * INTO chosen FROM safetools_rotation.slots s WHERE s.service = p_service AND s.slot = p_slot AND s.rotator = session_user;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no such slot of this caller' USING ERRCODE = 'ST101';
  END IF;
  IF p_verifier IS NULL OR p_verifier !~ '^SCRAM-SHA-256\$4096:[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}=$' THEN
    RAISE EXCEPTION 'not a SCRAM-SHA-256 verifier' USING ERRCODE = 'ST102';
  END IF;
  IF p_valid_until IS NULL OR p_valid_until <= now() OR p_valid_until > now() + interval '91 days' THEN
    RAISE EXCEPTION 'valid_until out of bounds' USING ERRCODE = 'ST103';
  END IF;
  IF p_expected IS DISTINCT FROM chosen.version THEN
    RAISE EXCEPTION 'another version' USING ERRCODE = 'ST104';
  END IF;
  SELECT * INTO a FROM pg_authid r WHERE r.rolname = chosen.role;
  IF a.oid IS NULL OR (a.rolsuper OR a.rolcreaterole OR a.rolcreatedb OR a.rolreplication OR a.rolbypassrls) THEN
    RAISE EXCEPTION 'the role is gone, or is more than an application now' USING ERRCODE = 'ST105';
  END IF;
  IF NOT coalesce(pg_has_role(a.oid, (SELECT o.oid FROM pg_authid o WHERE o.rolname = chosen.owner_role), 'MEMBER'), false) THEN
    RAISE EXCEPTION 'the role is no member of the owner role' USING ERRCODE = 'ST106';
  END IF;
  IF encode(sha256(convert_to(a.rolpassword, 'UTF8')), 'hex') IS DISTINCT FROM chosen.verifier_sha256 THEN
    RAISE EXCEPTION 'the password was changed by others' USING ERRCODE = 'ST107';
  END IF;
  IF slots_of_service > 1 AND (a.rolcanlogin AND a.rolpassword IS NOT NULL AND (a.rolvaliduntil IS NULL OR a.rolvaliduntil > now())) THEN
    RAISE EXCEPTION 'the slot can be used still' USING ERRCODE = 'ST108';
  END IF;
  IF slots_of_service > 1 AND EXISTS (SELECT FROM pg_stat_activity v WHERE v.usesysid = a.oid) THEN
    RAISE EXCEPTION 'the slot has sessions' USING ERRCODE = 'ST109';
  END IF;
  EXECUTE format('ALTER ROLE %I LOGIN PASSWORD %L VALID UNTIL %L', chosen.role, p_verifier, p_valid_until);
  UPDATE safetools_rotation.slots s SET version = s.version + 1, set_at = now(), verifier_sha256 = encode(sha256(convert_to(p_verifier, 'UTF8')), 'hex')
    WHERE s.service = p_service AND s.slot = p_slot RETURNING * INTO chosen;
  INSERT INTO safetools_rotation.log (service, slot, role, what, version, valid_until, verifier_sha256)
    VALUES (p_service, p_slot, chosen.role, 'set', chosen.version, p_valid_until, chosen.verifier_sha256);
  RETURN chosen.version;
END
$safetools$;

-- Takes a slot's password and its right to log in; end_sessions then ends what it has open. Never the last one that works.
CREATE OR REPLACE FUNCTION safetools_rotation.retire(p_service text, p_slot text, p_expected bigint)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $safetools$
#variable_conflict use_column
DECLARE
  chosen safetools_rotation.slots;
  a pg_authid;
BEGIN
  PERFORM FROM safetools_rotation.slots s WHERE s.service = p_service AND s.rotator = session_user ORDER BY s.slot FOR UPDATE;
  SELECT * INTO chosen FROM safetools_rotation.slots s WHERE s.service = p_service AND s.slot = p_slot AND s.rotator = session_user;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no such slot of this caller' USING ERRCODE = 'ST101';
  END IF;
  IF p_expected IS DISTINCT FROM chosen.version THEN
    RAISE EXCEPTION 'another version' USING ERRCODE = 'ST104';
  END IF;
  SELECT * INTO a FROM pg_authid r WHERE r.rolname = chosen.role;
  IF a.oid IS NULL OR (a.rolsuper OR a.rolcreaterole OR a.rolcreatedb OR a.rolreplication OR a.rolbypassrls) THEN
    RAISE EXCEPTION 'the role is gone, or is more than an application now' USING ERRCODE = 'ST105';
  END IF;
  IF encode(sha256(convert_to(a.rolpassword, 'UTF8')), 'hex') IS DISTINCT FROM chosen.verifier_sha256 THEN
    RAISE EXCEPTION 'the password was changed by others' USING ERRCODE = 'ST107';
  END IF;
  IF (a.rolcanlogin AND a.rolpassword IS NOT NULL AND (a.rolvaliduntil IS NULL OR a.rolvaliduntil > now())) AND NOT EXISTS (SELECT FROM safetools_rotation.slots s JOIN pg_authid a ON a.rolname = s.role WHERE s.service = p_service AND s.slot <> p_slot AND (a.rolcanlogin AND a.rolpassword IS NOT NULL AND (a.rolvaliduntil IS NULL OR a.rolvaliduntil > now()))) THEN
    RAISE EXCEPTION 'no other slot can be used' USING ERRCODE = 'ST110';
  END IF;
  EXECUTE format('ALTER ROLE %I NOLOGIN PASSWORD NULL VALID UNTIL ''-infinity''', chosen.role);
  UPDATE safetools_rotation.slots s SET version = s.version + 1, set_at = now(), verifier_sha256 = NULL WHERE s.service = p_service AND s.slot = p_slot RETURNING * INTO chosen;
  INSERT INTO safetools_rotation.log (service, slot, role, what, version) VALUES (p_service, p_slot, chosen.role, 'retired', chosen.version);
  RETURN chosen.version;
END
$safetools$;

-- Ends the sessions of a slot that was retired. Apart from that, because nobody new may get in while they end.
CREATE OR REPLACE FUNCTION safetools_rotation.end_sessions(p_service text, p_slot text)
RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $safetools$
  SELECT count(*) FILTER (WHERE pg_terminate_backend(v.pid)) FROM safetools_rotation.slots s JOIN pg_authid a ON a.rolname = s.role JOIN pg_stat_activity v ON v.usesysid = a.oid
  WHERE s.service = p_service AND s.slot = p_slot AND s.rotator = session_user AND NOT (a.rolcanlogin AND a.rolpassword IS NOT NULL AND (a.rolvaliduntil IS NULL OR a.rolvaliduntil > now())) AND NOT (a.rolsuper OR a.rolcreaterole OR a.rolcreatedb OR a.rolreplication OR a.rolbypassrls)
$safetools$;

-- The functions are the rotating roles' alone, and each goes by who is logged in, whatever it is told.
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA safetools_rotation FROM PUBLIC;
DO $safetools$
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA safetools_rotation TO %I', current_setting('safetools.rotator'));
  EXECUTE format('GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA safetools_rotation TO %I', current_setting('safetools.rotator'));
END
$safetools$;

COMMIT;

-- Now give the rotating role a password; psql asks for it, and it stands in no file:  \password "shop_rotator"
-- Then: safetools doctor
