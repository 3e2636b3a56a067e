using Npgsql;
using SafeTools.Providers.Postgres;
using SafeTools.Tests.Providers.Postgres.Support;

namespace SafeTools.Tests.Providers.Postgres;

/// <summary>What is masked is not readable, by whatever way a relation gives.</summary>
[Collection(PostgresGround.Name)]
public sealed class MaskedColumnTests(PostgresGround ground)
{
    private const string Card = "shop.customers.card";

    [Theory]
    [InlineData("GRANT SELECT (id, name) ON shop.customers TO {agent}")]
    [InlineData("CREATE VIEW shop.v AS SELECT id, name, NULL::text AS card FROM shop.customers; GRANT SELECT ON shop.v TO {agent}")]
    [InlineData("CREATE VIEW shop.v AS SELECT count(*) FROM shop.customers; GRANT SELECT ON shop.v TO PUBLIC")]
    [InlineData("CREATE VIEW shop.v AS SELECT card FROM shop.customers")]
    [InlineData("CREATE VIEW shop.v WITH (security_invoker) AS SELECT card FROM shop.customers; GRANT SELECT ON shop.v TO {agent}")]
    public async Task Prove_WhereAMaskedColumnStaysHidden_FindsNothing(string more)
    {
        await using var database = await ground.Database();
        await database.Run(more);

        (await database.Prove(masked: [Card])).Findings.Should().BeEmpty();
    }

    [Theory]
    [InlineData("GRANT SELECT ON shop.customers TO {agent}")]
    [InlineData("GRANT SELECT ON shop.customers TO PUBLIC")]
    [InlineData("GRANT SELECT (id, card) ON shop.customers TO {agent}")]
    [InlineData("CREATE ROLE team_{agent}; GRANT team_{agent} TO {agent}; GRANT SELECT ON shop.customers TO team_{agent}")]
    [InlineData("CREATE VIEW shop.v AS SELECT card FROM shop.customers; GRANT SELECT ON shop.v TO {agent}")]
    [InlineData("CREATE VIEW shop.v AS SELECT id FROM shop.customers WHERE card LIKE '4%'; GRANT SELECT (id) ON shop.v TO {agent}")]
    [InlineData("CREATE VIEW shop.v AS SELECT c FROM shop.customers c; GRANT SELECT ON shop.v TO {agent}")]
    [InlineData("CREATE VIEW shop.v AS SELECT c.id, row_to_json(c) FROM shop.customers c; GRANT SELECT ON shop.v TO {agent}")]
    [InlineData("CREATE VIEW shop.v AS SELECT card FROM shop.customers; CREATE VIEW shop.w AS SELECT 1 AS a FROM shop.v; GRANT SELECT ON shop.w TO {agent}")]
    [InlineData("CREATE VIEW shop.v WITH (security_invoker) AS SELECT card FROM shop.customers; CREATE VIEW shop.w AS SELECT card FROM shop.v; GRANT SELECT ON shop.w TO {agent}")]
    [InlineData("CREATE MATERIALIZED VIEW shop.v AS SELECT card FROM shop.customers; GRANT SELECT ON shop.v TO {agent}")]
    [InlineData("CREATE TABLE shop.more () INHERITS (shop.customers); GRANT SELECT ON shop.more TO {agent}")]
    [InlineData("CREATE TABLE shop.people (card text); ALTER TABLE shop.customers INHERIT shop.people; GRANT SELECT ON shop.people TO {agent}")]
    public async Task Prove_WhereAMaskedColumnCanBeRead_FindsItAndNamesWhatMendsIt(string more)
    {
        await using var database = await ground.Database();
        await database.Run(more);

        var found = (await database.Prove(masked: [Card])).Findings;

        var finding = found.Should().ContainSingle().Subject;
        finding.Kind.Should().Be("masked-readable");
        finding.Weight.Should().Be(FindingWeight.Refuses);
        await database.Run(finding.Mend!);
        (await database.Prove(masked: [Card])).Findings.Should().BeEmpty("{0} mends it", finding.Mend);
    }

    [Fact]
    public async Task Prove_AfterMending_LeavesTheOtherColumnsReadable()
    {
        await using var database = await ground.Database();
        await database.Run("GRANT SELECT ON shop.customers TO {agent}");
        await database.Run((await database.Prove(masked: [Card])).Findings[0].Mend!);

        await using var connection = await database.Open();
        await using var allowed = new NpgsqlCommand("SELECT id, name FROM shop.customers", connection);
        await allowed.ExecuteNonQueryAsync();
        await using var masked = new NpgsqlCommand("SELECT card FROM shop.customers", connection);
        (await masked.Invoking(command => command.ExecuteNonQueryAsync()).Should().ThrowAsync<PostgresException>()).Which.SqlState.Should().Be("42501");
    }

    [Fact]
    public async Task Prove_OfAReaderOfEverything_FindsThatTheMaskIsOff()
    {
        await using var database = await ground.Database();
        await database.Run("GRANT pg_read_all_data TO {agent}");

        var found = (await database.Prove(masked: [Card])).Findings;
        found.Select(finding => finding.Kind).Should().Equal("masked-readable", "reads-everything");
        await database.Run(found[0].Mend!);
        (await database.Prove(masked: [Card])).Findings.Should().BeEmpty();
    }

    [Theory]
    [InlineData("shop.customers.cards")]
    [InlineData("shop.customer.card")]
    [InlineData("shop.Customers.card")]
    [InlineData("shop.customers.ctid")]
    public async Task Prove_OfAMaskOnNothing_Refuses(string masked)
    {
        await using var database = await ground.Database();

        var found = (await database.Prove(masked: [masked])).Findings;
        found.Should().ContainSingle().Which.Should().Be(new Finding("masked-missing", FindingWeight.Refuses, masked.Replace("Customers", "\"Customers\"", StringComparison.Ordinal), null));
    }

    [Theory]
    [InlineData("shop.customers.card", true)]
    [InlineData("shop.Kunden Liste.ä", true)]
    [InlineData("customers.card", false)]
    [InlineData("a.b.c.d", false)]
    [InlineData("a..c", false)]
    [InlineData("", false)]
    [InlineData("a.b.c\n", false)]
    [InlineData("a.b.\u202ec", false)]
    [InlineData("a.b.ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc", false)]
    public void Parse_OfAMask_TakesThreeNames(string text, bool right) => (MaskedColumn.Parse(text) is not null).Should().Be(right);
}
