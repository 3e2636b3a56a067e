using System.Globalization;
using SafeTools.IntegrationTests.Postgres.Support;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Postgres;

/// <summary>A connection string with several hosts.</summary>
public sealed class FailoverTests
{
    [Fact]
    public async Task Call_PrimaryGoneThenStandbyPromoted_AnsweredByTheStandby()
    {
        await using var primary = await SmallShop.Make();
        await using var standby = await primary.Standby();
        using var policy = await ShopPolicy.Accepted(Hosts(string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{primary.Port},127.0.0.1:{standby.Port}")));
        await using var client = await ShopClient.Start(policy);
        await All(client);
        await primary.Stop();
        await All(client);
        (await Shop.Sessions(standby)).Should().BePositive();
        await standby.Run("select pg_promote(true, 60)");
        await All(client);
        await Shop.Quiet(standby);
    }

    /// <summary>One that has no address, and one that takes connections and never answers.</summary>
    [Fact]
    public async Task Call_FirstHostsAreNoUse_AnsweredByTheNext()
    {
        await using var cluster = await SmallShop.Make();
        await using var hole = new Proxy(cluster.Port, Weather.BlackHole);
        using var policy = await ShopPolicy.Accepted(Hosts(string.Create(CultureInfo.InvariantCulture, $"nowhere.invalid,127.0.0.1:{hole.Port},127.0.0.1:{cluster.Port}")));
        await using var client = await ShopClient.Start(policy);
        await Eventually.Get(() => client.Query("select 1"), reply => reply.IsExecuted);
        await All(client);
    }

    private static string Hosts(string hosts) => $"postgres://{Shop.Role}:{Shop.Password}@{hosts}/{Shop.Database}?sslmode=disable";

    private static Task<Reply[]> All(ShopClient client) => Task.WhenAll(
        Retry.Once(() => client.Query("select count(*) from shop.orders")), Retry.Once(() => client.Order(7)), Retry.Once(client.Describe));
}
