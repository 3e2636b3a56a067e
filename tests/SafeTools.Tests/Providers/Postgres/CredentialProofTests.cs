using System.Diagnostics;
using SafeTools.Providers.Postgres;
using SafeTools.Tests.Providers.Postgres.Support;
using SafeTools.Tests.Support;
using Xunit.Abstractions;

namespace SafeTools.Tests.Providers.Postgres;

/// <summary>Each thing that a credential could do is found, on a real server, and the statement that is named takes it away.</summary>
[Collection(PostgresGround.Name)]
public sealed class CredentialProofTests(PostgresGround ground, ITestOutputHelper output)
{
    [Fact]
    public async Task Prove_OfARoleThatOnlyReads_FindsNothing()
    {
        await using var database = await ground.Database();

        var proof = await database.Prove();

        proof.Findings.Should().BeEmpty();
    }

    [Theory]
    [InlineData("superuser", "ALTER ROLE {agent} SUPERUSER")]
    [InlineData("role-attribute", "ALTER ROLE {agent} CREATEROLE")]
    [InlineData("role-attribute", "ALTER ROLE {agent} CREATEDB")]
    [InlineData("role-attribute", "ALTER ROLE {agent} REPLICATION")]
    [InlineData("role-attribute", "ALTER ROLE {agent} BYPASSRLS")]
    [InlineData("predefined-role", "GRANT pg_write_all_data TO {agent}")]
    [InlineData("predefined-role", "GRANT pg_read_server_files TO {agent}")]
    [InlineData("predefined-role", "GRANT pg_write_server_files TO {agent}")]
    [InlineData("predefined-role", "GRANT pg_execute_server_program TO {agent}")]
    [InlineData("predefined-role", "GRANT pg_signal_backend TO {agent}")]
    [InlineData("predefined-role", "GRANT pg_checkpoint TO {agent}")]
    [InlineData("reads-everything", "GRANT pg_read_all_data TO {agent}")]
    [InlineData("reads-server", "GRANT pg_read_all_settings TO {agent}")]
    [InlineData("reads-server", "GRANT pg_read_all_stats TO {agent}")]
    [InlineData("role-admin", "CREATE ROLE team_{agent}; GRANT team_{agent} TO {agent} WITH ADMIN OPTION")]
    [InlineData("owner-of-database", "ALTER DATABASE {database} OWNER TO {agent}")]
    [InlineData("owner-of-schema", "CREATE SCHEMA own AUTHORIZATION {agent}")]
    [InlineData("owner-of-relation", "CREATE TABLE shop.own (id int); ALTER TABLE shop.own OWNER TO {agent}")]
    [InlineData("owner-of-relation", "ALTER VIEW shop.totals OWNER TO {agent}")]
    [InlineData("owner-of-relation", "CREATE SEQUENCE shop.own; ALTER SEQUENCE shop.own OWNER TO {agent}")]
    [InlineData("owner-of-function", "CREATE FUNCTION shop.own() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE EXECUTE ON FUNCTION shop.own FROM PUBLIC; ALTER FUNCTION shop.own OWNER TO {agent}")]
    [InlineData("owner-of-type", "CREATE TYPE shop.own AS ENUM ('a'); ALTER TYPE shop.own OWNER TO {agent}")]
    [InlineData("owner-of-large-object", "SELECT lo_create(4711); ALTER LARGE OBJECT 4711 OWNER TO {agent}")]
    [InlineData("owner-of-other", "CREATE PUBLICATION own FOR TABLE shop.orders; ALTER PUBLICATION own OWNER TO {agent}")]
    [InlineData("table-write", "GRANT INSERT ON shop.orders TO {agent}")]
    [InlineData("table-write", "GRANT UPDATE ON shop.orders TO {agent}")]
    [InlineData("table-write", "GRANT DELETE ON shop.orders TO {agent}")]
    [InlineData("table-write", "GRANT TRUNCATE ON shop.orders TO {agent}")]
    [InlineData("table-write", "GRANT REFERENCES ON shop.orders TO {agent}")]
    [InlineData("table-write", "GRANT TRIGGER ON shop.orders TO {agent}")]
    [InlineData("table-write", "GRANT UPDATE (customer), INSERT (total) ON shop.orders TO {agent}")]
    [InlineData("table-write", "GRANT INSERT ON shop.totals TO PUBLIC")]
    [InlineData("table-write", "GRANT DELETE ON pg_catalog.pg_description TO {agent}")]
    [InlineData("table-write", "CREATE ROLE team_{agent}; GRANT team_{agent} TO {agent}; GRANT DELETE ON shop.orders TO team_{agent}")]
    [InlineData("table-write", "CREATE ROLE team_{agent}; CREATE ROLE all_{agent}; ALTER ROLE {agent} NOINHERIT; GRANT all_{agent} TO team_{agent}; GRANT team_{agent} TO {agent}; GRANT DELETE ON shop.orders TO all_{agent}")]
    [InlineData("table-write", "CREATE ROLE lead_{agent}; GRANT USAGE ON SCHEMA shop TO lead_{agent}; GRANT DELETE ON shop.orders TO lead_{agent} WITH GRANT OPTION; SET ROLE lead_{agent}; GRANT DELETE ON shop.orders TO {agent}")]
    [InlineData("table-write", "CREATE TABLE shop.\"Odd\"\"; DROP\" (\"a b\" int); GRANT UPDATE (\"a b\") ON shop.\"Odd\"\"; DROP\" TO {agent}")]
    [InlineData("grant-option", "GRANT SELECT ON shop.orders TO {agent} WITH GRANT OPTION")]
    [InlineData("grant-option", "GRANT SELECT (total) ON shop.orders TO {agent} WITH GRANT OPTION")]
    [InlineData("sequence-write", "GRANT USAGE ON SEQUENCE shop.orders_id_seq TO {agent}")]
    [InlineData("sequence-write", "GRANT UPDATE ON SEQUENCE shop.orders_id_seq TO {agent}")]
    [InlineData("default-write", "ALTER DEFAULT PRIVILEGES IN SCHEMA shop GRANT INSERT ON TABLES TO {agent}")]
    [InlineData("default-write", "ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO {agent}")]
    [InlineData("schema-create", "GRANT CREATE ON SCHEMA shop TO {agent}")]
    [InlineData("schema-create", "GRANT CREATE ON SCHEMA public TO PUBLIC")]
    [InlineData("database-create", "GRANT CREATE ON DATABASE {database} TO {agent}")]
    [InlineData("temp", "GRANT TEMPORARY ON DATABASE {database} TO PUBLIC")]
    [InlineData("tablespace-create", "GRANT CREATE ON TABLESPACE pg_default TO {agent}")]
    [InlineData("parameter-grant", "GRANT SET ON PARAMETER log_statement TO {agent}")]
    [InlineData("parameter-grant", "GRANT ALTER SYSTEM ON PARAMETER work_mem TO {agent}")]
    [InlineData("large-object-write", "SELECT lo_create(4712); GRANT UPDATE ON LARGE OBJECT 4712 TO {agent}")]
    [InlineData("lo-compat-privileges", "ALTER DATABASE {database} SET lo_compat_privileges = on")]
    [InlineData("language-usage", "GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC")]
    [InlineData("definer-function", "CREATE FUNCTION shop.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'")]
    [InlineData("definer-function", "CREATE PROCEDURE shop.p(IN a int, INOUT b text) LANGUAGE sql SECURITY DEFINER AS 'SELECT ''x'''")]
    [InlineData("definer-function", "CREATE FUNCTION shop.t() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN NEW; END'")]
    [InlineData("definer-function", "CREATE SCHEMA hidden; CREATE FUNCTION hidden.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'")]
    [InlineData("definer-function", "CREATE FUNCTION shop.s(int, int) RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'; REVOKE EXECUTE ON FUNCTION shop.s FROM PUBLIC; CREATE AGGREGATE shop.a(int) (SFUNC = shop.s, STYPE = int)")]
    [InlineData("c-function", "CREATE FUNCTION shop.read(text) RETURNS text LANGUAGE internal AS 'pg_read_file_all'")]
    [InlineData("c-function", "CREATE FUNCTION shop.doze(double precision) RETURNS void LANGUAGE internal AS 'pg_sleep'")]
    [InlineData("untrusted-function", "CREATE LANGUAGE plx HANDLER plpgsql_call_handler VALIDATOR plpgsql_validator; CREATE FUNCTION shop.f() RETURNS int LANGUAGE plx AS 'BEGIN RETURN 1; END'")]
    [InlineData("language-usage", "CREATE TRUSTED LANGUAGE plx HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator")]
    [InlineData("user-function", "CREATE FUNCTION shop.f(shop.orders) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'")]
    [InlineData("user-function", "CREATE AGGREGATE shop.a(int) (SFUNC = int4pl, STYPE = int)")]
    [InlineData("public-builtin", "GRANT EXECUTE ON FUNCTION pg_sleep(double precision) TO PUBLIC")]
    [InlineData("public-builtin", "GRANT EXECUTE ON FUNCTION set_config(text, text, boolean) TO PUBLIC")]
    [InlineData("public-builtin", "GRANT EXECUTE ON FUNCTION pg_try_advisory_lock(bigint) TO PUBLIC")]
    [InlineData("public-builtin", "GRANT EXECUTE ON FUNCTION table_to_xml(regclass, boolean, boolean, text) TO PUBLIC")]
    [InlineData("restricted-builtin", "GRANT EXECUTE ON FUNCTION pg_sleep(double precision) TO {agent}")]
    [InlineData("restricted-builtin", "GRANT EXECUTE ON FUNCTION pg_read_file(text) TO {agent}")]
    [InlineData("restricted-builtin", "GRANT EXECUTE ON FUNCTION pg_reload_conf() TO PUBLIC")]
    [InlineData("restricted-builtin", "GRANT EXECUTE ON FUNCTION pg_ls_waldir() TO {agent}")]
    [InlineData("network-function", "CREATE EXTENSION dblink; {others} GRANT EXECUTE ON FUNCTION dblink(text, text) TO PUBLIC")]
    [InlineData("c-function", "CREATE EXTENSION tablefunc; {others} GRANT EXECUTE ON FUNCTION crosstab(text) TO PUBLIC")]
    [InlineData("foreign-wrapper", "CREATE FOREIGN DATA WRAPPER w; GRANT USAGE ON FOREIGN DATA WRAPPER w TO {agent}")]
    [InlineData("foreign-server", "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; GRANT USAGE ON FOREIGN SERVER s TO {agent}")]
    [InlineData("user-mapping", "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE USER MAPPING FOR {agent} SERVER s")]
    [InlineData("public-user-mapping", "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE USER MAPPING FOR PUBLIC SERVER s")]
    [InlineData("foreign-table", "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE shop.ft (a int) SERVER s; GRANT SELECT ON shop.ft TO {agent}")]
    [InlineData("foreign-table", "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE shop.ft (a int) SERVER s; CREATE VIEW shop.v AS SELECT a FROM shop.ft; CREATE VIEW shop.vv AS SELECT a FROM shop.v; GRANT SELECT ON shop.vv TO {agent}")]
    [InlineData("foreign-table", "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE TABLE shop.p (a int) PARTITION BY LIST (a); CREATE FOREIGN TABLE shop.p1 PARTITION OF shop.p FOR VALUES IN (1) SERVER s; GRANT SELECT ON shop.p TO {agent}")]
    [InlineData("no-connection-limit", "ALTER ROLE {agent} CONNECTION LIMIT -1")]
    [InlineData("type-runs-code", "CREATE DOMAIN shop.slow AS text CHECK (pg_sleep(0) IS NOT NULL); CREATE FUNCTION shop.j(shop.totals) RETURNS json LANGUAGE sql AS 'SELECT ''1''::json'; REVOKE EXECUTE ON FUNCTION shop.j FROM PUBLIC; CREATE CAST (shop.totals AS json) WITH FUNCTION shop.j")]
    public async Task Prove_OfARoleThatCanDoOneThingMore_FindsExactlyThatAndNamesWhatMendsIt(string kind, string more)
    {
        await using var database = await ground.Database();
        await database.Run(more.Replace("{others}", "DO $$ DECLARE f regprocedure; BEGIN FOR f IN SELECT oid FROM pg_proc WHERE oid >= 16384 LOOP EXECUTE 'REVOKE EXECUTE ON ROUTINE ' || f || ' FROM PUBLIC'; END LOOP; END $$;", StringComparison.Ordinal));

        var found = (await database.Prove()).Findings;

        output.WriteLine(string.Join('\n', found.Select(finding => $"{finding.Kind} | {finding.Subject} | {finding.Mend}")));
        found.Should().ContainSingle().Which.Kind.Should().Be(kind);
        found[0].Weight.Should().Be(FindingKinds.Weigh(kind, []));
        await database.Run(found[0].Mend!);
        (await database.Prove()).Findings.Should().BeEmpty("{0} mends it", found[0].Mend);
    }

    [Theory]
    [InlineData("operator family shop.orders_of_it USING btree, which calls shop.cmp(", """
        CREATE FUNCTION shop.cmp(shop.orders, shop.orders) RETURNS int LANGUAGE sql AS 'SELECT 0'; REVOKE EXECUTE ON FUNCTION shop.cmp FROM PUBLIC;
        CREATE OPERATOR FAMILY shop.orders_of_it USING btree; ALTER OPERATOR FAMILY shop.orders_of_it USING btree ADD FUNCTION 1 (shop.orders, shop.orders) shop.cmp(shop.orders, shop.orders);
        """)]
    [InlineData("range shop.span, which calls shop.diff(", """
        CREATE FUNCTION shop.diff(int, int) RETURNS double precision LANGUAGE sql IMMUTABLE AS 'SELECT 0::double precision'; REVOKE EXECUTE ON FUNCTION shop.diff FROM PUBLIC;
        CREATE TYPE shop.span AS RANGE (SUBTYPE = int, SUBTYPE_DIFF = shop.diff);
        """)]
    [InlineData("cast from shop.totals to ", """
        CREATE FUNCTION shop.j(shop.totals) RETURNS jsonb LANGUAGE sql AS 'SELECT ''1''::jsonb'; REVOKE EXECUTE ON FUNCTION shop.j FROM PUBLIC; CREATE CAST (shop.totals AS jsonb) WITH FUNCTION shop.j;
        """)]
    public async Task Prove_OfATypeThatRunsCodeWithoutAskingForAPrivilege_Advises(string subject, string more)
    {
        await using var database = await ground.Database();
        await database.Run(more);

        var finding = (await database.Prove()).Findings.Should().ContainSingle().Subject;
        (finding.Kind, finding.Weight).Should().Be(("type-runs-code", FindingWeight.Advises));
        finding.Subject.Should().StartWith(subject);
    }

    [Theory]
    [InlineData("CREATE TYPE shop.span AS RANGE (SUBTYPE = int)")]
    [InlineData("CREATE TYPE shop.mood AS ENUM ('good')")]
    [InlineData("CREATE DOMAIN shop.small AS int CHECK (value < 10)")]
    [InlineData("CREATE FUNCTION shop.length(text) RETURNS int LANGUAGE internal AS 'textlen'")]
    [InlineData("CREATE FUNCTION shop.t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'")]
    [InlineData("CREATE EXTENSION hstore; CREATE EXTENSION pg_trgm; CREATE EXTENSION citext; CREATE EXTENSION pgcrypto")]
    [InlineData("CREATE ROLE readers_{agent}; GRANT SELECT ON shop.customers TO readers_{agent}; GRANT readers_{agent} TO {agent}")]
    [InlineData("CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE shop.ft (a int) SERVER s")]
    [InlineData("GRANT ALL ON shop.orders TO pg_monitor; CREATE ROLE other_{agent}; GRANT ALL ON shop.orders TO other_{agent}")]
    public async Task Prove_OfWhatIsHarmless_FindsNothing(string more)
    {
        await using var database = await ground.Database();
        await database.Run(more);

        (await database.Prove()).Findings.Should().BeEmpty();
    }

    private const string PublicBuiltins = "tests/SafeTools.Tests/Providers/Postgres/public-builtins-15.txt";

    [Fact]
    public async Task Prove_OfTheUnhardenedServer_NamesTheStatementsThatMakeItProved()
    {
        await ground.Cluster.Run("CREATE DATABASE plain TEMPLATE template0");
        await using var database = await ground.Database("plain");
        await database.Run("CREATE SCHEMA shop; CREATE TABLE shop.orders (id int); GRANT USAGE ON SCHEMA shop TO {agent}; GRANT SELECT ON shop.orders TO {agent};");

        var found = (await database.Prove()).Findings;
        found.Select(finding => finding.Kind).Distinct().Should().Equal("public-builtin", "language-usage");
        var names = found.Where(finding => finding.Kind == "public-builtin").Select(finding => finding.Subject.Split('(')[0]);
        // A function that only a newer minor version has (15.20 brought one) is in the file and not on an older server.
        var listed = File.ReadAllLines(Path.Combine(Golden.Root, PublicBuiltins));
        var absent = listed.Except((await database.Run("SELECT 'pg_catalog.' || proname FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace")).Split('\n'));
        Golden.Matches(string.Join('\n', names.Union(absent).Order(StringComparer.Ordinal)) + "\n", PublicBuiltins);
        (await database.Prove(tolerates: ["public-builtin", "language-usage"])).Findings.Should().OnlyContain(finding => finding.Weight == FindingWeight.Tolerated);
        await database.Run(string.Join('\n', found.Select(finding => finding.Mend)));
        (await database.Prove()).Findings.Should().BeEmpty();
    }

    [Fact]
    public async Task Prove_OfManyTables_IsQuick()
    {
        await using var database = await ground.Database();
        await database.Run("SET client_min_messages = warning; DO $$ BEGIN FOR g IN 1..1000 LOOP EXECUTE format('CREATE TABLE shop.t%s (a int, b text, c numeric, d timestamptz, e int, f int, g int)', g); EXECUTE format('CREATE VIEW shop.v%s AS SELECT a, b FROM shop.t%s', g, g); END LOOP; END $$; GRANT SELECT ON ALL TABLES IN SCHEMA shop TO {agent};");
        (await database.Prove(masked: ["shop.customers.card"])).Findings.Should().HaveCount(1);
        await database.Prove();

        var began = Stopwatch.GetTimestamp();
        await database.Prove(masked: ["shop.t1.c"]);
        output.WriteLine($"{Stopwatch.GetElapsedTime(began)}");
        Stopwatch.GetElapsedTime(began).Should().BeLessThan(TimeSpan.FromSeconds(2), "it takes some 100 ms where nothing else runs");
    }
}
