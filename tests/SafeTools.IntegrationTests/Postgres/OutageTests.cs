using SafeTools.Clusters;
using SafeTools.IntegrationTests.Postgres.Support;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Postgres;

/// <summary>The server goes, comes back, or has no room.</summary>
public sealed class OutageTests(SmallShop shop) : IClassFixture<SmallShop>
{
    private PostgresCluster Cluster => shop.Cluster;

    [Fact]
    public async Task Call_ServerDownAtStart_RefusedUntilItIsUp()
    {
        using var policy = await ShopPolicy.Accepted(Shop.UrlOf(Cluster));
        await Cluster.Stop();
        await using var client = await ShopClient.Start(policy);
        foreach (var reply in await Each(client))
        {
            reply.Code.Should().Be("ST1503");
            reply.Took.Should().BeLessThan(TimeSpan.FromSeconds(10));
        }

        await Cluster.Resume();
        await Task.WhenAll(Mended(client));
        await Shop.Quiet(Cluster);
    }

    [Fact]
    public async Task Call_ServerRestartedInItsMiddle_RefusedAndTheNextWorks()
    {
        using var policy = await ShopPolicy.Accepted(Shop.UrlOf(Cluster));
        await using var client = await ShopClient.Start(policy);
        (await Each(client)).Should().OnlyContain(reply => reply.IsExecuted);
        Task<Reply>[] running = [client.Query(SmallShop.Endless, ShopPolicy.Patient), client.Query(SmallShop.Endless, ShopPolicy.Patient)];
        await Eventually.Get(() => Shop.Active(Cluster), active => active == 2);
        await Cluster.Restart();
        foreach (var reply in await Task.WhenAll(running))
        {
            reply.Code.Should().Be("ST1503");
            reply.Took.Should().BeLessThan(ShopPolicy.PatientLimit);
        }

        await Task.WhenAll(Mended(client));
        await Shop.Quiet(Cluster);
    }

    /// <summary>Sessions that wait for work are replaced without a word; one that works fails, and only it.</summary>
    [Fact]
    public async Task Call_BackendsKilled_OnlyTheOneAtWorkFails()
    {
        using var policy = await ShopPolicy.Accepted(Shop.UrlOf(Cluster));
        await using var client = await ShopClient.Start(policy);
        (await Each(client)).Should().OnlyContain(reply => reply.IsExecuted);
        var running = client.Query(SmallShop.Endless, ShopPolicy.Patient);
        await Eventually.Get(() => Shop.Active(Cluster), active => active == 1);
        await Cluster.Run($"select pg_terminate_backend(pid) from pg_stat_activity where usename = '{Shop.Role}'");
        (await running).Code.Should().Be("ST1503");
        (await Each(client)).Should().OnlyContain(reply => reply.IsExecuted);
        await Shop.Quiet(Cluster);
    }

    [Fact]
    public async Task Call_RoleHasNoConnectionLeft_RefusedOrAnsweredAndWorksOnceThereIsRoom()
    {
        using var policy = await ShopPolicy.Accepted(Shop.UrlOf(Cluster));
        await using var client = await ShopClient.Start(policy);
        await Task.WhenAll(Mended(client));
        await Cluster.Run($"alter role {Shop.Role} connection limit 3");
        try
        {
            var replies = await Task.WhenAll(Enumerable.Range(0, 24).SelectMany(_ => new[] { client.Query("select count(*) from shop.orders"), client.Order(7) }));
            replies.Where(reply => !reply.IsExecuted).Should().OnlyContain(reply => reply.Code == "ST1503");
            replies.Should().Contain(reply => reply.IsExecuted);
        }
        finally
        {
            await Cluster.Run($"alter role {Shop.Role} connection limit 20");
        }

        await Task.WhenAll(Mended(client));
        await Shop.Quiet(Cluster);
    }

    [Fact]
    public async Task Call_ServerHasNoConnectionLeft_RefusedUntilThereIsRoom()
    {
        await using var small = await SmallShop.Make(new Dictionary<string, string> { ["max_connections"] = "12", ["superuser_reserved_connections"] = "3", ["max_wal_senders"] = "0", ["wal_level"] = "minimal" });
        using var policy = await ShopPolicy.Accepted(Shop.UrlOf(small));
        var taken = new List<Npgsql.NpgsqlConnection>();
        for (var more = 0; more < 10; more++)
        {
            taken.Add(await small.Open());
        }

        await using var client = await ShopClient.Start(policy);
        foreach (var reply in await Each(client))
        {
            reply.Code.Should().Be("ST1503");
            reply.Structured["message"]!.GetValue<string>().Should().Contain("no connection to spare");
        }

        foreach (var one in taken)
        {
            await one.DisposeAsync();
        }

        await Eventually.Get(() => client.Query("select 1"), reply => reply.IsExecuted);
        await Task.WhenAll(Mended(client));
    }

    private static Task<Reply[]> Each(ShopClient client) => Task.WhenAll(client.Query("select count(*) from shop.orders"), client.Order(7), client.Describe());

    private static IEnumerable<Task<Reply>> Mended(ShopClient client) =>
        ((Func<Task<Reply>>[])[() => client.Query("select count(*) from shop.orders"), () => client.Order(7), client.Describe]).Select(Retry.Once);
}
