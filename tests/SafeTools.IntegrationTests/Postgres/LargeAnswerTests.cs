using SafeTools.IntegrationTests.Postgres.Support;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Postgres;

/// <summary>Whatever a statement gives, the program stays small, and the next call works.</summary>
[Collection(Shop.Name)]
public sealed class LargeAnswerTests(Shop shop) : IAsyncLifetime
{
    private const int MostMegabytes = 300;

    private ShopPolicy _policy = null!;
    private ShopClient _client = null!;

    public async Task InitializeAsync()
    {
        _policy = await ShopPolicy.Accepted(shop.Url);
        _client = await ShopClient.Start(_policy);
        await Eventually.Get(() => _client.Query("select 1"), reply => reply.IsExecuted);
    }

    [Theory]
    [InlineData("select id from shop.many", 1000)]
    [InlineData("select m.id, repeat('x', 1000) from shop.many m", 249)]
    [InlineData("select body from shop.large where id = 1", 1)]
    [InlineData("select note from shop.large where id = 2", 1)]
    [InlineData("select * from shop.wide", 1)]
    public async Task Query_MoreThanFits_CutAndBounded(string sql, int rows)
    {
        var reply = await _client.Query(sql, ShopPolicy.Patient);
        reply.IsExecuted.Should().BeTrue($"{reply}");
        reply.Rows.Count.Should().BeCloseTo(rows, 10);
        reply.Structured.ToJsonString().Length.Should().BeLessThan(400 * 1024);
        await Bounded();
    }

    [Theory]
    [InlineData("select count(*) from shop.many a join shop.many b on a.id + b.id = 7", "ST1504", "ST1604")]
    [InlineData("select string_agg(id::text, ',') from shop.many", "ST1604", "ST1605")]
    [InlineData("select array_agg(id) from shop.many", "ST1604", "ST1605")]
    [InlineData("select note, note, note from shop.large where id = 2", "ST1604", "ST1504")]
    public async Task Query_TooMuchToCompute_Refused(string sql, params string[] codes)
    {
        (await _client.Query(sql)).Code.Should().BeOneOf(codes);
        await Bounded();
    }

    [Fact]
    public async Task Query_NestedWithoutEnd_Refused()
    {
        foreach (var sql in new[]
        {
            string.Concat(Enumerable.Repeat("select * from (", 3000)) + "select 1" + string.Concat(Enumerable.Repeat(") a", 3000)),
            "select " + new string('(', 3000) + "1" + new string(')', 3000),
            "select * from shop.orders where id = 1" + string.Concat(Enumerable.Repeat(" or id in (select id from shop.orders)", 400)),
        })
        {
            (await _client.Query(sql)).Code.Should().BeOneOf("ST1604", "ST1102");
        }

        await Bounded();
    }

    /// <summary>The server tells us the whole analysis, in which each join lists every column of both its sides.</summary>
    [Theory]
    [InlineData("shop.wide", 60)]
    [InlineData("shop.wide", 250)]
    [InlineData("shop.orders", 250)]
    public async Task Query_AnalysisWithoutEnd_RefusedOrBounded(string table, int joins)
    {
        await _client.Query($"select 1 from {table} a0" + string.Concat(Enumerable.Range(1, joins).Select(join => $" join {table} a{join} on true")), ShopPolicy.Patient);
        await Bounded();
    }

    [Fact]
    public async Task Query_NestedStarsOverAWideRow_RefusedOrBounded()
    {
        await _client.Query(string.Concat(Enumerable.Repeat("select * from (", 40)) + "select * from shop.wide" + string.Concat(Enumerable.Range(0, 40).Select(level => $") a{level}")), ShopPolicy.Patient);
        await Bounded();
    }

    [Fact]
    public async Task Query_ManyAtOnce_EachAnsweredAndBounded()
    {
        var calls = Enumerable.Range(0, 64).Select(number => (number % 4) switch
        {
            0 => _client.Query("select id, repeat('x', 200) from shop.many", ShopPolicy.Patient),
            1 => _client.Query("select count(*) from shop.orders", ShopPolicy.Patient),
            2 => _client.Query(number == 2 ? "select note from shop.large where id = 2" : "select 1", ShopPolicy.Patient),
            _ => _client.Query("select * from shop.wide", ShopPolicy.Patient),
        }).ToArray();
        (await Task.WhenAll(calls)).Should().OnlyContain(reply => reply.IsExecuted || reply.Code == "ST1503");
        await Bounded();
    }

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        _policy.Dispose();
    }

    private async Task Bounded()
    {
        (await Retry.Once(() => _client.Query("select count(*) from shop.orders"))).First.Should().Be("1000");
        _client.PeakMegabytes.Should().BeLessThan(MostMegabytes);
        await Shop.Quiet(shop.Cluster);
    }
}
