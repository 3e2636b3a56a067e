using System.Text.Json.Nodes;
using SafeTools.Tests.Providers.Postgres.Support;

namespace SafeTools.Tests.Providers.Postgres.Describe;

/// <summary>A shop, described to a role that may read some of it, on a hardened database.</summary>
public sealed class DescriptionTests(DescribedShop shop) : IClassFixture<DescribedShop>
{
    private static readonly Limits Wide = new(1000, 256 * 1024, TimeSpan.FromSeconds(10));

    [Fact]
    public async Task Of_Nothing_ListsWhatTheRoleMayRead()
    {
        var data = (await shop.Describe()).Data();
        Names(data["relations"]!).Should().Equal(
            $"{DescribedShop.Nasty}.{DescribedShop.Nasty}", "other.orders", "shop.customers", "shop.empty", "shop.events", "shop.nothing", "shop.order_totals", "shop.orders", "shop.totals");
        data["truncated"]!.GetValue<bool>().Should().BeFalse();
    }

    [Fact]
    public async Task Of_OneSchema_ListsOnlyIt() => (await shop.Describe("shop")).Data()["relations"]!.ToJsonString().Should().MatchRegex("""
        ^\[\{"schema":"shop","name":"customers","kind":"table","row_estimate":1000,"bytes_estimate":[0-9]{5,6},"columns":4\},
        \{"schema":"shop","name":"empty","kind":"table","row_estimate":null,"bytes_estimate":null,"columns":1\},
        \{"schema":"shop","name":"events","kind":"partitioned table","row_estimate":300,"bytes_estimate":[0-9]{5},"columns":2\},
        \{"schema":"shop","name":"nothing","kind":"table","row_estimate":0,"bytes_estimate":0,"columns":0\},
        \{"schema":"shop","name":"order_totals","kind":"materialized view","row_estimate":null,"bytes_estimate":null,"columns":1\},
        \{"schema":"shop","name":"orders","kind":"table","row_estimate":null,"bytes_estimate":null,"columns":9\},
        \{"schema":"shop","name":"totals","kind":"view","row_estimate":null,"bytes_estimate":null,"columns":2\}\]$
        """.ReplaceLineEndings("").Replace("        ", "", StringComparison.Ordinal));

    [Fact]
    public async Task Of_OneTable_TellsColumnsKeysAndIndexes() => (await shop.Describe("shop", "orders")).Data().ToJsonString().Should().Be("""
        {"schema":"shop","name":"orders","kind":"table","row_estimate":null,"bytes_estimate":null,"columns":[
        {"name":"id","type":"bigint","nullable":false,"default":true,"readable":true},
        {"name":"customer","type":"integer","nullable":false,"default":false,"readable":true},
        {"name":"hidden","type":"integer","nullable":true,"default":false,"readable":true},
        {"name":"total","type":"numeric(10,2)","nullable":true,"default":true,"readable":true},
        {"name":"state","type":"shop.state","nullable":true,"default":false,"readable":true,"values":["new","sent, soon","\u2603"]},
        {"name":"states","type":"shop.state[]","nullable":true,"default":false,"readable":true,"values":["new","sent, soon","\u2603"]},
        {"name":"amount","type":"shop.amount","nullable":false,"default":false,"readable":true},
        {"name":"note","type":"character varying(20)","nullable":true,"default":false,"readable":true},
        {"name":"twice","type":"numeric","nullable":true,"default":true,"readable":true}],
        "primary_key":["id"],
        "unique":[["customer","note"]],
        "foreign_keys":[{"columns":["customer"],"references":{"schema":"shop","name":"customers","columns":["id"]}}],
        "checks":["amount_is_some"],
        "indexes":[
        {"name":"orders_covering","method":"btree","unique":false,"partial":false,"columns":["note"]},
        {"name":"orders_hashed","method":"hash","unique":false,"partial":false,"columns":["note"]},
        {"name":"orders_of_two","method":"btree","unique":true,"partial":false,"columns":["customer","note"]},
        {"name":"orders_pkey","method":"btree","unique":true,"partial":false,"columns":["id"]},
        {"name":"orders_some","method":"btree","unique":false,"partial":true,"columns":[null,"total"]}],
        "truncated":false}
        """.ReplaceLineEndings("").Replace("        ", "", StringComparison.Ordinal));

    [Fact]
    public async Task Of_TableWithColumnsOutOfReach_MarksThem()
    {
        var columns = (await shop.Describe("shop", "customers")).Data()["columns"]!.AsArray();
        columns.Select(column => (column!["name"]!.GetValue<string>(), column["readable"]!.GetValue<bool>())).Should().Equal(("id", true), ("name", true), ("password", false), ("secret", false));
        columns[3]!.AsObject().ContainsKey("values").Should().BeFalse("labels of an enum are not told of a column that cannot be read");
    }

    [Fact]
    public async Task Of_AnythingAtAll_TellsNoExpressionPredicateBoundOrComment()
    {
        var all = (await shop.Describe()).Data().ToJsonString();
        foreach (var relation in new[] { "orders", "customers", "events", "totals", "order_totals", "events_2026" })
            all += (await shop.Describe("shop", relation)).Data().ToJsonString();
        all.Should().NotContain(DescribedShop.Canary);
    }

    [Fact]
    public async Task Of_NameInSeveralSchemas_ListsThem() =>
        Names((await shop.Describe(relation: "orders")).Data()["relations"]!).Should().Equal("other.orders", "shop.orders");

    [Fact]
    public async Task Of_NameInOneSchema_DescribesIt() => (await shop.Describe(relation: "customers")).Data()["schema"]!.GetValue<string>().Should().Be("shop");

    [Fact]
    public async Task Of_View_TellsItsColumns() => (await shop.Describe("shop", "totals")).Data().ToJsonString().Should().Be("""
        {"schema":"shop","name":"totals","kind":"view","row_estimate":null,"bytes_estimate":null,"columns":[
        {"name":"customer","type":"integer","nullable":true,"default":false,"readable":true},
        {"name":"sum","type":"numeric","nullable":true,"default":false,"readable":true}],
        "primary_key":[],"unique":[],"foreign_keys":[],"checks":[],"indexes":[],"truncated":false}
        """.ReplaceLineEndings("").Replace("        ", "", StringComparison.Ordinal));

    [Fact]
    public async Task Of_Partition_IsDescribedByItsName() => (await shop.Describe("shop", "events_2026")).Data()["kind"]!.GetValue<string>().Should().Be("table");

    [Fact]
    public async Task Of_TableThatRefersToAPartitionedOne_TellsOneForeignKey() =>
        (await shop.Describe("other", "orders")).Data()["foreign_keys"]!.ToJsonString().Should().Be("""[{"columns":["event"],"references":{"schema":"shop","name":"events","columns":["id"]}}]""");

    [Fact]
    public async Task Of_NastyNames_AreTakenAsTheyAre()
    {
        var data = (await shop.Describe(DescribedShop.Nasty, DescribedShop.Nasty)).Data();
        data["name"]!.GetValue<string>().Should().Be(DescribedShop.Nasty);
        data["columns"]![0]!["name"]!.GetValue<string>().Should().Be(DescribedShop.Nasty);
        data["primary_key"]!.ToJsonString().Should().Be(new JsonArray(DescribedShop.Nasty).ToJsonString());
    }

    [Theory]
    [InlineData("nowhere", null)]
    [InlineData("closed", null)]
    [InlineData("closed", "vault")]
    [InlineData("shop", "unreadable")]
    [InlineData("shop", "nothing_there")]
    [InlineData(null, "vault")]
    [InlineData("pg_catalog", "pg_class")]
    [InlineData("information_schema", null)]
    [InlineData("pg_toast", null)]
    [InlineData(null, "pg_authid")]
    [InlineData("shop", "orders_pkey")]
    [InlineData("shop", "shop.orders")]
    [InlineData("SHOP", null)]
    [InlineData("shop", "ORDERS")]
    [InlineData("shop' or true --", null)]
    [InlineData("sh\0op", null)]
    [InlineData("shop", "\uD800")]
    [InlineData("", "")]
    [InlineData("%", null)]
    public async Task Of_WhatIsNotThereOrNotReadable_SaysTheSame(string? schema, string? relation) =>
        (await shop.Describe(schema, relation)).Why().ToString().Should().Be("ST1501: There is nothing of that name that the credential may read.");

    /// <summary>The server cuts an identifier at 63 bytes; a longer one is not the same name.</summary>
    [Fact]
    public async Task Of_NameLongerThanTheServersNames_IsNoName() => (await shop.Describe(DescribedShop.Nasty + "x")).Why().Code.Should().Be(RefusalCatalog.NoSuchItem);

    [Fact]
    public async Task Of_RoleWithoutRights_HasNothing()
    {
        var execution = await shop.Describe(role: shop.Stranger);
        execution.Data().ToJsonString().Should().Be("""{"relations":[],"truncated":false}""");
    }

    [Fact]
    public async Task Of_StandbyServer_IsTheSame()
    {
        await Database.StandbyCaughtUp();
        (await shop.Describe(server: PostgresServer.Standby)).Data().ToJsonString().Should().Be((await shop.Describe()).Data().ToJsonString());
        (await shop.Describe("shop", "orders", server: PostgresServer.Standby)).Data().ToJsonString().Should().Be((await shop.Describe("shop", "orders")).Data().ToJsonString());
    }

    [Fact]
    public async Task Of_MoreThanTheLimitOfRows_IsTruncated()
    {
        var data = (await shop.Describe(limits: Wide with { Rows = 2 })).Data();
        Names(data["relations"]!).Should().Equal($"{DescribedShop.Nasty}.{DescribedShop.Nasty}", "other.orders");
        data["truncated"]!.GetValue<bool>().Should().BeTrue();
        (await shop.Describe("shop", "orders", limits: Wide with { Rows = 8 })).Data()["truncated"]!.GetValue<bool>().Should().BeTrue();
        (await shop.Describe("shop", "orders", limits: Wide with { Rows = 9 })).Data()["truncated"]!.GetValue<bool>().Should().BeFalse();
        (await shop.Describe(limits: Wide with { Rows = 9 })).Data()["truncated"]!.GetValue<bool>().Should().BeFalse();
    }

    [Fact]
    public async Task Of_AnyLimitOfBytes_IsKept()
    {
        var whole = (await shop.Describe("shop", "orders")).Data().ToJsonString();
        for (var bytes = 20; bytes <= whole.Length + 20; bytes += 13)
        {
            if (await shop.Describe("shop", "orders", limits: Wide with { Bytes = bytes }) is Execution.Done done)
                done.Data.ToJsonString().Length.Should().BeLessThanOrEqualTo(bytes);
            else
                bytes.Should().BeLessThan(350);
        }
    }

    [Fact]
    public async Task Of_EnumWithManyLabels_TellsTheFirstHundred()
    {
        var column = (await shop.Describe("other", "orders")).Data()["columns"]![1]!;
        column["values"]!.AsArray().Should().HaveCount(100);
        column["values"]![99]!.GetValue<string>().Should().Be("label 100");
        column["more_values"]!.GetValue<bool>().Should().BeTrue();
    }

    private static IEnumerable<string> Names(JsonNode relations) => relations.AsArray().Select(relation => $"{relation!["schema"]}.{relation["name"]}");
}
