using SafeTools.IntegrationTests.Postgres.Support;

namespace SafeTools.IntegrationTests.Postgres;

/// <summary>What lies between the program and its server does everything that networks do. A proxy makes it happen.</summary>
[Collection(Shop.Name)]
public sealed class BadWeatherTests(Shop shop)
{
    private const int MostMegabytes = 300;

    /// <summary>Beyond a tool's own limit: for the end that the server itself makes of it, and a loaded machine.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private static readonly string[] Kinds = ["query", "statement", "describe"];

    [Theory]
    [InlineData(nameof(Weather.BlackHole))]
    [InlineData(nameof(Weather.Trickle))]
    [InlineData(nameof(Weather.Garbage))]
    [InlineData(nameof(Weather.CutMidway))]
    [InlineData(nameof(Weather.HalfClose))]
    public async Task Call_BadWeather_RefusedInTimeAndTheNextFairOneWorks(string weather)
    {
        await using var proxy = new Proxy(shop.Cluster.Port);
        using var policy = await ShopPolicy.Accepted(Shop.UrlThrough(proxy));
        await using var client = await ShopClient.Start(policy);
        (await All(client)).Should().OnlyContain(reply => reply.IsExecuted);
        proxy.Weather = Enum.Parse<Weather>(weather);
        foreach (var reply in (Reply[])[.. await All(client), .. await All(client)])
        {
            reply.Code.Should().BeOneOf([null, "ST1503", "ST1504"], $"{reply}");
            reply.Took.Should().BeLessThan(ShopPolicy.TimeLimit + Grace, $"{reply}");
            reply.Structured.ToJsonString().Should().NotContain("Npgsql").And.NotContain("Exception").And.NotContain(Shop.Password).And.NotContain("127.0.0.1");
        }

        proxy.Weather = Weather.Fair;
        await Mended(client);
        proxy.Cut();
        await Mended(client);
        client.PeakMegabytes.Should().BeLessThan(MostMegabytes);
        await Shop.Quiet(shop.Cluster);
    }

    private static Task<Reply[]> All(ShopClient client) => Task.WhenAll(Kinds.Select(kind => Ask(client, kind)));

    private static Task<Reply[]> Mended(ShopClient client) => Task.WhenAll(Kinds.Select(kind => Retry.Once(() => Ask(client, kind))));

    private static Task<Reply> Ask(ShopClient client, string kind) => kind switch
    {
        "query" => client.Query("select id, customer, total, placed from shop.orders order by id limit 500"),
        "statement" => client.Order(7),
        _ => client.Describe(),
    };
}
