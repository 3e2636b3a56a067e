using Npgsql;
using SafeTools.Clusters;
using SafeTools.Providers.Postgres;
using SafeTools.Tests.Providers.Postgres.Support;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.Providers.Postgres;

/// <summary>The text of <c>safetools init postgres</c>, run as a person would run it.</summary>
[Collection(PostgresGround.Name)]
public sealed class RoleScriptTests(PostgresGround ground)
{
    [Fact]
    public void Of_ARequestWithEverything_IsWhatWasReviewed() =>
        Golden.Matches(
            Script(role: "shop_agent", database: "shop", schemas: ["shop", "public"], environment: "staging", masked: ["shop.customers.card"]),
            "tests/SafeTools.Tests/Providers/Postgres/role-script.sql");

    [Fact]
    public async Task Of_AnyRequest_MakesARoleThatIsProvedAndCanRead()
    {
        await using var shop = await Shop();
        var text = Script(shop.Agent + "x", ["shop"], environment: "staging");

        (await shop.Run(text)).Should().BeEmpty();
        (await shop.Run(text)).Should().BeEmpty("it can run again");

        await WithPassword(shop, shop.Agent + "x");
        var proof = await shop.Prove(shop.Agent + "x");
        proof.Findings.Where(finding => finding.Weight != FindingWeight.Advises).Should().BeEmpty();
        proof.Markers.Should().Equal("staging");
        (await Ask(shop, shop.Agent + "x", "SELECT count(*) FROM orders")).Should().Be(3L);
        (await Ask(shop, shop.Agent + "x", "SHOW default_transaction_read_only")).Should().Be("on");
        (await Ask(shop, shop.Agent + "x", "SHOW temp_file_limit")).Should().Be("256MB");
    }

    [Fact]
    public async Task Of_ARequestWithMasks_HidesTheColumnAndShowsTheRest()
    {
        await using var shop = await Shop();
        var role = shop.Agent + "x";
        await shop.Run(Script(role, ["shop"]));
        var masked = Script(role, ["shop"], masked: ["shop.customers.card"]);
        await shop.Run(masked);
        (await shop.Run(masked)).Should().BeEmpty("it can run again");

        await WithPassword(shop, role);
        (await shop.Prove(role, masked: ["shop.customers.card"])).Findings.Where(finding => finding.Weight != FindingWeight.Advises).Should().BeEmpty();
        (await Ask(shop, role, "SELECT name FROM shop.customers")).Should().Be("Ann");
        (await Ask(shop, role, "SELECT row_to_json(c)::text FROM safetools.shop_customers c")).Should().Be("""{"id":1,"name":"Ann","card":null}""");
        await Denied(shop, role, "SELECT card FROM shop.customers");
        await Denied(shop, role, "SELECT card FROM shop.cards");
    }

    [Fact]
    public async Task Of_ADatabaseThatIsOpenToEverybody_ClosesItForTheRoleAlone()
    {
        await using var shop = await Shop();
        var role = shop.Agent + "x";
        await shop.Run("GRANT ALL ON shop.orders, shop.customers, shop.cards TO PUBLIC; GRANT ALL ON SEQUENCE shop.orders_id_seq TO PUBLIC; GRANT CREATE ON SCHEMA shop TO PUBLIC; CREATE ROLE app_{agent} LOGIN PASSWORD 'pw'; GRANT USAGE ON SCHEMA shop TO app_{agent};");
        await shop.Run(Script(role, ["shop"], masked: ["shop.customers.card"]));
        await WithPassword(shop, role);

        (await shop.Prove(role, masked: ["shop.customers.card"])).Findings.Where(finding => finding.Weight != FindingWeight.Advises).Should().BeEmpty();
        (await Ask(shop, $"app_{shop.Agent}", "INSERT INTO shop.orders (total) VALUES (9) RETURNING total")).Should().Be(9m);
        (await Ask(shop, $"app_{shop.Agent}", "SELECT card FROM shop.cards")).Should().Be("4111");
    }

    [Fact]
    public async Task Of_AViewThatCallsAFunction_DoesNotRunItForTheRole()
    {
        await using var shop = await Shop();
        await shop.Run("CREATE VIEW shop.calling AS SELECT shop.definer() AS a; ALTER VIEW shop.calling OWNER TO owner_{agent};");
        await shop.Run(Script(shop.Agent + "x", ["shop"]));
        await WithPassword(shop, shop.Agent + "x");

        await Denied(shop, shop.Agent + "x", "SELECT a FROM shop.calling");
        (await Ask(shop, $"owner_{shop.Agent}", "SELECT a FROM shop.calling")).Should().Be(1);
    }

    [Fact]
    public async Task Of_AMaskedTableWithPoliciesOnRows_ShowsTheReadersRowsOnly()
    {
        await using var shop = await Shop();
        var role = shop.Agent + "x";
        await shop.Run($"INSERT INTO shop.customers VALUES (2, 'Bob', '4112'); CREATE POLICY one ON shop.customers USING (id = 2); ALTER TABLE shop.customers ENABLE ROW LEVEL SECURITY;");
        await shop.Run(Script(role, ["shop"], masked: ["shop.customers.card"]));
        await WithPassword(shop, role);

        (await Ask(shop, role, "SELECT string_agg(name, ',') FROM safetools.shop_customers")).Should().Be("Bob");
    }

    [Fact]
    public async Task Of_ADatabaseInUse_LeavesEverybodyElseWorking()
    {
        await using var shop = await Shop();
        var owner = $"owner_{shop.Agent}";
        await shop.Run(Script(shop.Agent + "x", ["shop"]));
        foreach (var work in new[]
        {
            "INSERT INTO shop.orders (total) VALUES (1)", "SELECT set_config('application_name', 'app', false)", "SELECT pg_advisory_lock(1)", "SELECT pg_sleep(0)", "SELECT txid_current()",
            "SELECT shop.definer()", "CREATE TEMP TABLE t (a int)", "DO $$ BEGIN PERFORM 1; END $$", "CREATE TABLE shop.new (a int)", "SELECT lo_create(0)",
        })
        {
            await Ask(shop, owner, work);
        }
    }

    /// <summary>On a managed server nobody is superuser, and the server's own functions are its provider's.</summary>
    [Fact]
    public async Task Of_AnOwnerWhoIsNoSuperuser_MakesTheRoleAndSaysInFewWordsWhatStays()
    {
        await using var shop = await Shop();
        var (customer, reader) = ($"customer_{shop.Agent}", shop.Agent + "m");
        var managed = $"managed_{shop.Name}";
        await shop.Run($"CREATE ROLE {customer} LOGIN CREATEROLE PASSWORD '{PostgresDatabase.Password}'; CREATE DATABASE {managed} OWNER {customer}");
        var warnings = new List<string>();
        await using (var owner = await shop.Cluster.Open(customer, PostgresDatabase.Password, managed))
        {
            owner.Notice += (_, said) => warnings.Add(said.Notice.MessageText);
            await Do(owner, $"CREATE SCHEMA shop;\nCREATE TABLE shop.orders (id int);\n{Script(reader, ["shop"])}\nALTER ROLE {reader} PASSWORD '{PostgresDatabase.Password}';");
        }

        warnings.Should().HaveCount(3).And.ContainMatch("temp_file_limit*").And.ContainMatch("Everybody keeps USAGE ON LANGUAGE plpgsql*").And.ContainMatch("* functions stay as they are*");
        var served = new PostgresDatabase(shop.Cluster, managed, reader);
        (await served.Prove()).Findings.Where(finding => finding.Weight == FindingWeight.Refuses).Select(finding => finding.Kind).Distinct().Should().Equal("public-builtin", "language-usage");
        (await served.Prove(tolerates: ["public-builtin", "language-usage"])).Findings.Should().NotContain(finding => finding.Weight == FindingWeight.Refuses);
        await served.DisposeAsync();
    }

    /// <summary>Statement by statement, as psql sends a text; each ends at the end of a line.</summary>
    private static async Task Do(NpgsqlConnection connection, string text)
    {
        var statement = "";
        foreach (var line in text.Split('\n').Where(line => !line.StartsWith('\\') && !line.StartsWith("--", StringComparison.Ordinal)))
        {
            statement += line + "\n";
            if (!line.EndsWith(';') || statement.Split("$safetools$").Length % 2 == 0)
                continue;
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own text.
            command.CommandText = statement;
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync();
            statement = "";
        }
    }

    [Fact]
    public async Task Of_AnotherEnvironment_KeepsWhatTheCommentSaidBefore()
    {
        await using var shop = await Shop();
        await shop.Run("COMMENT ON DATABASE {database} IS E'The shop''s data.\\nsafetools: environment=production\\nAsk Ann.'");
        await shop.Run(Script(shop.Agent + "x", ["shop"], environment: "staging"));
        await shop.Run(Script(shop.Agent + "x", ["shop"], environment: "staging"));

        (await shop.Run("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"))
            .Should().Be("The shop's data.\nAsk Ann.\nsafetools: environment=staging");
    }

    [Theory]
    [InlineData("ALTER ROLE {agent}x SUPERUSER")]
    [InlineData("ALTER ROLE {agent}x CREATEROLE")]
    [InlineData("CREATE TABLE shop.own (a int); ALTER TABLE shop.own OWNER TO {agent}x")]
    public async Task Of_ARoleThatIsMoreThanAReader_ChangesNothing(string more)
    {
        await using var shop = await Shop();
        await shop.Run("CREATE ROLE {agent}x; " + more);

        (await shop.Invoking(database => database.Run(Script(shop.Agent + "x", ["shop"]))).Should().ThrowAsync<ClusterException>()).Which.Message.Should().Contain("Choose another name");
        (await shop.Run("SELECT has_function_privilege('public', 'pg_sleep(double precision)', 'EXECUTE')")).Should().Be("t");
    }

    [Theory]
    [InlineData("shop", "missing.t.c", "There is no schema missing")]
    [InlineData("other", "shop.customers.card", "This is the database")]
    [InlineData("", "shop.customers.cart", "There is no column")]
    public async Task Of_ARequestThatDoesNotFitTheDatabase_ChangesNothing(string database, string masked, string why)
    {
        await using var shop = await Shop();
        var text = Script(shop.Agent + "x", [masked.Split('.')[0]], database: database switch { "shop" => shop.Name, "" => null, _ => database }, masked: [masked]);

        (await shop.Invoking(one => one.Run(text)).Should().ThrowAsync<ClusterException>()).Which.Message.Should().Contain(why);
        (await shop.Run("SELECT count(*) FROM pg_roles WHERE rolname = '{agent}x'")).Should().Be("0");
    }

    [Fact]
    public async Task Of_NamesThatNeedQuoting_QuotesThem()
    {
        await using var shop = await Shop();
        var role = $"""a "b" 'c' $safetools$ {shop.Agent}""";
        await shop.Run("""CREATE SCHEMA "Mixed 'Case' $safetools$"; CREATE TABLE "Mixed 'Case' $safetools$"."T;x" (id int, "se cret" text);""");
        var text = Script(role, ["Mixed 'Case' $safetools$"], masked: ["Mixed 'Case' $safetools$.T;x.se cret"]);
        await shop.Run(text);
        (await shop.Run(text)).Should().BeEmpty();

        await shop.Run($"""ALTER ROLE "{role.Replace("\"", "\"\"", StringComparison.Ordinal)}" PASSWORD 'pw'""");
        (await shop.Prove(role, masked: ["Mixed 'Case' $safetools$.T;x.se cret"])).Findings.Where(finding => finding.Weight != FindingWeight.Advises).Should().BeEmpty();
        (await Ask(shop, role, """SELECT count(id) FROM "T;x" """)).Should().Be(0L);
    }

    [Theory]
    [InlineData("pg_agent", null, "shop", null, null, "--role")]
    [InlineData("public", null, "shop", null, null, "--role")]
    [InlineData("safetools_others", null, "shop", null, null, "--role")]
    [InlineData("", null, "shop", null, null, "--role")]
    [InlineData("a\nb", null, "shop", null, null, "--role")]
    [InlineData("a\u202eb", null, "shop", null, null, "--role")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", null, "shop", null, null, "--role")]
    [InlineData("agent", "a\0b", "shop", null, null, "--database")]
    [InlineData("agent", null, "pg_catalog", null, null, "--schema")]
    [InlineData("agent", null, "safetools", null, null, "--schema")]
    [InlineData("agent", null, "shop", "two words", null, "--environment")]
    [InlineData("agent", null, "shop", "staging\n", null, "--environment")]
    [InlineData("agent", null, "shop", null, "customers.card", "--mask")]
    [InlineData("agent", null, "shop", null, "other.customers.card", "--mask")]
    public void Of_OddInput_IsNoRequest(string role, string? database, string schema, string? environment, string? masked, string option)
    {
        RoleRequest.Of(role, database, [schema], environment, masked is null ? [] : [masked], out var fault).Should().BeNull();
        fault.Should().StartWith(option + " must");
    }

    private static string Script(string role, string[] schemas, string? database = null, string? environment = null, string[]? masked = null) =>
        RoleScript.Of(RoleRequest.Of(role, database, schemas, environment, masked ?? [], out _)!);

    /// <summary>A database as the server makes it, with an owner of its own who works in it, on a server where the text was never run.</summary>
    private async Task<PostgresDatabase> Shop()
    {
        var shop = await ground.Database("template0");
        await shop.Run(
            """
            DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'safetools_others') THEN ALTER ROLE safetools_others RENAME TO others_before_{agent}; END IF; END $$;
            GRANT TEMPORARY ON DATABASE {database} TO PUBLIC;
            CREATE ROLE owner_{agent} LOGIN PASSWORD 'pw';
            CREATE SCHEMA shop AUTHORIZATION owner_{agent};
            SET ROLE owner_{agent};
            CREATE TABLE shop.orders (id bigserial PRIMARY KEY, total numeric);
            INSERT INTO shop.orders (total) VALUES (1), (2), (3);
            CREATE TABLE shop.customers (id int, name text, card text);
            INSERT INTO shop.customers VALUES (1, 'Ann', '4111');
            CREATE VIEW shop.cards AS SELECT card FROM shop.customers;
            CREATE FUNCTION shop.definer() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
            """);
        return shop;
    }

    private static Task<string> WithPassword(PostgresDatabase shop, string role) => shop.Run($"ALTER ROLE {role} PASSWORD '{PostgresDatabase.Password}'");

    private static async Task<object?> Ask(PostgresDatabase shop, string role, string sql)
    {
        await using var connection = await shop.Open(role);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static async Task Denied(PostgresDatabase shop, string role, string sql) =>
        (await FluentActions.Invoking(() => Ask(shop, role, sql)).Should().ThrowAsync<PostgresException>()).Which.SqlState.Should().Be("42501");
}
