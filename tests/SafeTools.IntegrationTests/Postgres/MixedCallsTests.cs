using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using SafeTools.IntegrationTests.Postgres.Support;
using SafeTools.IntegrationTests.Support;
using Xunit.Abstractions;

namespace SafeTools.IntegrationTests.Postgres;

/// <summary>One serving process over a long day: thousands of calls of every kind, while the database is restarted under them.</summary>
public sealed class MixedCallsTests(SmallShop shop, ITestOutputHelper output) : IClassFixture<SmallShop>
{
    private const int Calls = 10_000;
    private const int Clients = 8;
    private const int MostMegabytes = 300;

    /// <summary>Sockets of the process itself besides its sessions.</summary>
    private const int OtherSockets = 4;

    private static readonly string[] Kinds = ["read.answered", "read.failed", "call.refused"];

    private readonly ConcurrentBag<string> _traces = [];
    private readonly ConcurrentBag<string> _faults = [];
    private volatile Task _restart = Task.CompletedTask;
    private int _begun;
    private int _mended;

    [Fact]
    public async Task Calls_TenThousandOverTwoRestarts_AreAnsweredOrMendedByOneRetryAndAuditedOnce()
    {
        using var policy = await ShopPolicy.Accepted(Shop.UrlOf(shop.Cluster));
        await using (var client = await ShopClient.Start(policy))
        {
            var work = Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Task.Run(() => Work(client))));
            foreach (var after in new[] { Calls / 3, 2 * Calls / 3 })
            {
                await Eventually.Get(() => Task.FromResult(Volatile.Read(ref _begun)), begun => begun >= after || work.IsCompleted);
                _restart = shop.Cluster.Restart();
                await _restart;
            }

            await work;
            output.WriteLine($"{_mended} of {Calls} calls were sent again; {client.PeakMegabytes:0} MB at most");
            _faults.Should().BeEmpty();
            _mended.Should().BeGreaterThan(0, "the restarts must have been noticed");
            client.PeakMegabytes.Should().BeLessThan(MostMegabytes);
            await Shop.Quiet(shop.Cluster);
            client.Sockets.Should().BeLessThanOrEqualTo(Shop.WarmSet + OtherSockets);
            client.HangUp();
            (await client.Ended()).Should().Be(0);
        }

        await Eventually.Get(() => Shop.Sessions(shop.Cluster), sessions => sessions == 0);
        var audited = (await policy.Workspace.Audit()).Where(entry => Kinds.Contains(entry.Kind)).Select(Trace);
        var (written, answered) = (Counted(audited), Counted(_traces));
        written.Except(answered).Should().BeEmpty("what is written down was answered");
        answered.Except(written).Should().BeEmpty("what was answered is written down, and once");
        (await policy.Run("audit", "verify")).ExitCode.Should().Be(0);
    }

    private async Task Work(ShopClient client)
    {
        while (Interlocked.Increment(ref _begun) is var number && number <= Calls)
        {
            var call = MixedCall.Of(number);
            var fault = await Ask(client, call);
            if (fault is null)
            {
                continue;
            }

            // Whoever sends again waits until the database is back.
            var restart = _restart;
            await restart;
            Interlocked.Increment(ref _mended);
            if (await Ask(client, call) is { } still)
            {
                _faults.Add($"{fault}; then {still}");
            }
        }
    }

    private async Task<string?> Ask(ShopClient client, MixedCall call)
    {
        var reply = await client.Call(call.Tool, call.Arguments.DeepClone().AsObject());
        _traces.Add(call.Trace(reply.Code));
        return call.Fault(reply);
    }

    /// <summary>As <see cref="MixedCall.Trace"/> has it.</summary>
    private static string Trace(AuditEntry entry)
    {
        var arguments = JsonNode.Parse(entry.Payload!.Value.Text)!["arguments"];
        return new MixedCall(entry.Tool!, arguments?.AsObject() ?? [], null).Trace(entry.BodyJson["code"]?.GetValue<string>());
    }

    private static IReadOnlyList<string> Counted(IEnumerable<string> traces) =>
        [.. traces.GroupBy(trace => trace).Select(same => $"{same.Count()} x {(same.Key.Length <= 200 ? same.Key : same.Key[..200])}").Order(StringComparer.Ordinal)];
}
