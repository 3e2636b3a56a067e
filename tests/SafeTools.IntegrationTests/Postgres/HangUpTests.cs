using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Postgres.Support;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Postgres;

/// <summary>Nobody waits for the answer any more: then the server is not left at work on it.</summary>
[Collection(Shop.Name)]
public sealed class HangUpTests(Shop shop)
{
    private static readonly JsonObject Endless = new() { ["sql"] = "select count(*) from shop.orders a, shop.orders b, shop.orders c, shop.orders d" };

    [Fact]
    public async Task Call_TakenBack_EndsOnTheServerAndTheNextWorks()
    {
        using var policy = await ShopPolicy.Accepted(shop.Url);
        await using var client = await ShopClient.Start(policy);
        var (query, _) = client.Begin(ShopPolicy.Patient, Endless.DeepClone().AsObject());
        var (statement, _) = client.Begin(ShopPolicy.Slow, new JsonObject { ["id"] = 1 });
        await Eventually.Get(() => Shop.Active(shop.Cluster), active => active == 2);
        await client.Cancel(query);
        await client.Cancel(statement);
        await Gone();
        (await client.Query("select count(*) from shop.orders")).IsExecuted.Should().BeTrue();
        (await client.Order(7)).IsExecuted.Should().BeTrue();
        await Shop.Quiet(shop.Cluster);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_ClientGone_EndsOnTheServer(bool killed)
    {
        using var policy = await ShopPolicy.Accepted(shop.Url);
        await using var client = await ShopClient.Start(policy);
        _ = client.Begin(ShopPolicy.Patient, Endless.DeepClone().AsObject());
        _ = client.Begin(ShopPolicy.Slow, new JsonObject { ["id"] = 1 });
        await Eventually.Get(() => Shop.Active(shop.Cluster), active => active == 2);
        if (killed)
        {
            client.Kill();
        }
        else
        {
            client.HangUp();
            await client.Ended();
        }

        await Gone();
        await Eventually.Get(() => Shop.Sessions(shop.Cluster), sessions => sessions == 0);
    }

    /// <summary>Sooner than the statements' own limit would end them.</summary>
    private Task<int> Gone() => Eventually.Get(() => Shop.Active(shop.Cluster), active => active == 0).WaitAsync(TimeSpan.FromSeconds(10));
}
