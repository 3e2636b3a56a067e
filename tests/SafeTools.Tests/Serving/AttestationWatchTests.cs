using SafeTools.Server.Mcp;
using SafeTools.Server.Serving;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.Serving;

/// <summary>What is proved of resources reaches clients, and whoever reads standard error.</summary>
public sealed class AttestationWatchTests : IAsyncLifetime
{
    private static readonly Finding Writes = new("table-write", FindingWeight.Refuses, "INSERT on shop.orders", "REVOKE INSERT ON shop.orders FROM agent;");

    private readonly KeptLog<AttestationWatch> _log = new();
    private ServedGround _ground = null!;
    private ToolShelf _shelf = null!;
    private int _changes;

    public async Task InitializeAsync()
    {
        _ground = await ServedGround.Open();
        _shelf = _ground.Runtime.Shelf("local");
        _shelf.Follow(await _ground.Runtime.Catalog.Standing(CancellationToken.None));
        _shelf.Tools.Changed += (_, _) => _changes++;
    }

    public async Task DisposeAsync() => await _ground.DisposeAsync();

    [Fact]
    public async Task Begin_WhatIsProved_ReachesTheToolsOfThatResourceAlone()
    {
        Verdict("look").Should().Be("unknown", "nobody looked yet");
        Verdict("peek").Should().BeNull();
        _ground.Proves(() => _ground.Proof());
        using var watch = Watch();
        await Turn(watch);

        Verdict("look").Should().Be("proved");
        Verdict("ask").Should().Be("proved");
        Verdict("peek").Should().BeNull("it has nothing to prove");
        _changes.Should().BePositive("list-changed is raised");
        _log.Lines.Should().BeEmpty("all is well");
    }

    [Fact]
    public async Task Begin_ChangesOfVerdict_AreSaidOnceEach()
    {
        using var watch = Watch();
        var next = new Queue<Func<Attestation>>([
            () => _ground.Proof(Writes), () => _ground.Proof(Writes), () => _ground.Unreachable(), () => _ground.Unreachable(), () => _ground.Proof(), () => _ground.Proof()]);
        while (next.TryDequeue(out var proof))
        {
            _ground.Proves(proof);
            await Turn(watch);
            _ground.Clock.Advance(AttestationWatch.Interval);
        }

        _log.Lines.Should().Equal(
            "box is not proved, its tools refuse: table-write. What mends it: safetools doctor --resource box",
            "box could not be looked at, its tools refuse (ST1503).",
            "box is proved again.");
    }

    [Fact]
    public async Task Begin_WithTheSameVerdict_ChangesNoTool()
    {
        _ground.Proves(() => _ground.Proof());
        using var watch = Watch();
        await Turn(watch);
        var before = _changes;
        _ground.Clock.Advance(AttestationWatch.Interval);
        await Turn(watch);

        _changes.Should().Be(before);
    }

    [Fact]
    public async Task Begin_BeforeTheIntervalIsOver_LooksOnlyAtWhatIsNew()
    {
        var looked = new List<string>();
        _ground.Provider.OnAttest = resource =>
        {
            looked.Add($"{resource.Name} {resource.Settings.Text("place")}");
            return Task.FromResult<Attestation?>(_ground.Proof());
        };
        using var watch = Watch();
        await Turn(watch);
        _ground.Clock.Advance(AttestationWatch.Interval - TimeSpan.FromSeconds(1));
        await Turn(watch);
        looked.Should().BeEquivalentTo("box here", "shed there");

        var elsewhere = _ground.Policy with { Resources = new Dictionary<string, Resource> { ["box"] = _ground.Policy.Resources["box"] with { Settings = new SettingValues(new Dictionary<string, string> { ["place"] = "elsewhere" }) } } };
        await watch.Begin(elsewhere, CancellationToken.None);
        looked.Should().BeEquivalentTo("box here", "shed there", "box elsewhere");

        _ground.Clock.Advance(TimeSpan.FromSeconds(1));
        await Turn(watch);
        looked.Should().HaveCount(5);
    }

    [Fact]
    public async Task Begin_OneThatHangs_HoldsNoOtherUp()
    {
        var hangs = new TaskCompletionSource<Attestation?>();
        _ground.Provider.OnAttest = resource => resource.Name == "shed" ? hangs.Task : Task.FromResult<Attestation?>(_ground.Proof());
        using var watch = Watch();
        var all = watch.Begin(_ground.Policy, CancellationToken.None);

        all.IsCompleted.Should().BeFalse();
        Verdict("look").Should().Be("proved");
        _ground.Clock.Advance(AttestationWatch.Interval);
        await watch.Begin(_ground.Policy, CancellationToken.None);
        hangs.SetResult(null);
        await all;
    }

    [Fact]
    public async Task DescribeAccess_OfWhatWasProved_SaysVerdictKindsAndEnvironment()
    {
        _ground.Proves(() => _ground.Proof(Writes, Writes with { Subject = "INSERT on shop.other" }, new Finding("no-tls", FindingWeight.Advises, "x", null)));
        using var watch = Watch();
        await Turn(watch);

        var tools = AccessView.Of("local", await _ground.Runtime.Catalog.Standing(CancellationToken.None), _ground.Runtime.Attestations)["tools"]!.AsArray();
        tools.Single(tool => (string?)tool!["tool"] == "look")!["attestation"]!.ToJsonString().Should().Be(
            """{"verdict":"failed","taken":"2026-05-04T12:00:00.000Z","findings":["table-write","no-tls"],"environment":"staging","environment_reason":"its label: staging"}""");
        tools.Single(tool => (string?)tool!["tool"] == "peek")!.AsObject().Should().NotContainKey("attestation");
    }

    [Fact]
    public async Task DescribeAccess_BeforeAnybodyLooked_SaysUnknownAndProduction()
    {
        var tools = AccessView.Of("local", await _ground.Runtime.Catalog.Standing(CancellationToken.None), _ground.Runtime.Attestations)["tools"]!.AsArray();
        var attestation = tools.Single(tool => (string?)tool!["tool"] == "look")!["attestation"]!.AsObject();
        attestation.Should().NotContainKey("taken");
        ((string?)attestation["verdict"], (string?)attestation["environment"]).Should().Be(("unknown", "production"));
    }

    [Fact]
    public async Task StartAsync_WithAProviderThatHangs_ReturnsAtOnceAndLooks()
    {
        var looked = new TaskCompletionSource();
        var hangs = new TaskCompletionSource<Attestation?>();
        _ground.Provider.OnAttest = _ =>
        {
            looked.TrySetResult();
            return hangs.Task;
        };
        using var watch = Watch();
        await watch.StartAsync(CancellationToken.None);
        await looked.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await watch.StopAsync(CancellationToken.None);
        hangs.SetResult(null);
    }

    private AttestationWatch Watch() => new(_ground.Runtime, _shelf, _log);

    private Task Turn(AttestationWatch watch) => watch.Begin(_ground.Policy, CancellationToken.None);

    private string? Verdict(string tool) =>
        (string?)_shelf.Tools.Single(shown => shown.ProtocolTool.Name == tool).ProtocolTool.Meta?["dev.safetools/attestation"];
}
