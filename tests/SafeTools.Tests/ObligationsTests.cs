using SafeTools.Tests.Support;

namespace SafeTools.Tests;

/// <summary>What earlier actions owe is done when it is due, and written down before and after.</summary>
public sealed class ObligationsTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private Installation _here = null!;
    private Obligation _owed = null!;
    private int _tries;

    private SampleProvider Provider => _here.Provider;

    public async Task InitializeAsync()
    {
        _here = await Installation.Start();
        var done = (await _here.Call("label")).Should().BeOfType<Outcome.Executed>().Which.Action!;
        _owed = new Obligation(done.Id, _here.Clock.Now + TimeSpan.FromHours(1), "Ends it.");
        Provider.Owes = [_owed];
        Provider.OnFulfil = _ => Tried(SampleProvider.Done());
    }

    public async Task DisposeAsync() => await _here.DisposeAsync();

    [Fact]
    public async Task Turn_NotDue_DoesNothing()
    {
        await _here.Turn();
        _tries.Should().Be(0);
        (await Entries()).Should().BeEmpty();
    }

    [Fact]
    public async Task Turn_Due_IsDoneOnceAndWrittenDownBeforeAndAfter()
    {
        _here.Clock.Advance(TimeSpan.FromHours(1));
        Provider.OnFulfil = async _ =>
        {
            (await Entries()).Should().Equal("obligation.begun");
            return await Tried(SampleProvider.Done());
        };
        await _here.Turn();
        await _here.Turn();
        _tries.Should().Be(1);
        (await Entries()).Should().Equal("obligation.begun", "obligation.ended");
        (await _here.Audit())[^1].BodyJson["status"]!.GetValue<string>().Should().Be("fulfilled");
    }

    [Fact]
    public async Task Turn_AuditCannotBeWritten_DoesNothing()
    {
        _here.Clock.Advance(TimeSpan.FromHours(1));
        _here.Broken.Fails = nameof(IStore.Record);
        await _here.Turn();
        _tries.Should().Be(0);
    }

    [Fact]
    public async Task Turn_EverythingFrozen_IsHeld()
    {
        _here.Clock.Advance(TimeSpan.FromHours(1));
        await _here.Store.Freeze(Freezes.All, CancellationToken.None);
        await _here.Turn();
        _tries.Should().Be(0);
        (await Entries()).Should().BeEmpty();
    }

    [Fact]
    public async Task Turn_Postponed_IsTriedAgainAfterAGrowingPause()
    {
        _here.Clock.Advance(TimeSpan.FromHours(1));
        Provider.OnFulfil = _ => Tried(new Execution.Failed(RefusalCatalog.RotationInGrace.Because("Not yet.")));
        foreach (var (wait, tries) in new[] { (0, 1), (59, 1), (1, 2), (119, 2), (1, 3), (239, 3), (1, 4) })
        {
            _here.Clock.Advance(TimeSpan.FromSeconds(wait));
            await _here.Turn();
            _tries.Should().Be(tries);
        }

        (await _here.Audit())[^1].BodyJson["code"]!.GetValue<string>().Should().Be(RefusalCatalog.RotationInGrace.Id);
    }

    [Fact]
    public async Task Turn_AnotherProcessIsAtIt_LeavesItAlone()
    {
        _here.Clock.Advance(TimeSpan.FromHours(1));
        var (begun, release) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        Provider.OnFulfil = async _ =>
        {
            begun.SetResult();
            await release.Task;
            return await Tried(SampleProvider.Done());
        };
        await _here.Upkeep.Turn(CancellationToken.None);
        await begun.Task.WaitAsync(Patience);
        var another = _here.AnotherUpkeep();
        await another.Turn(CancellationToken.None);
        await another.Idle().WaitAsync(Patience);
        release.SetResult();
        await _here.Upkeep.Idle().WaitAsync(Patience);
        _tries.Should().Be(1);
        (await Entries()).Should().Equal("obligation.begun", "obligation.ended");
    }

    [Fact]
    public async Task Turn_OfAnActionThatTheAuditDoesNotKnow_DoesNothing()
    {
        Provider.Owes = [_owed with { ActionId = "act-forged" }];
        _here.Clock.Advance(TimeSpan.FromHours(1));
        await _here.Turn();
        _tries.Should().Be(0);
        _here.Log.Should().ContainSingle(line => line.Contains("act-forged", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Turn_ProviderThrows_IsWrittenDownAndHoldsNobodyUp()
    {
        _here.Clock.Advance(TimeSpan.FromHours(1));
        Provider.OnFulfil = _ => throw new InvalidOperationException("not for agents");
        await _here.Turn();
        var end = (await _here.Audit())[^1];
        (end.Kind, end.BodyJson["status"]!.GetValue<string>()).Should().Be(("obligation.ended", "unknown"));
        end.Payload!.Value.Text.Should().NotContain("not for agents");
        (await _here.Call("look")).Should().BeOfType<Outcome.Executed>();
    }

    private Task<Execution> Tried(Execution execution)
    {
        Interlocked.Increment(ref _tries);
        return Task.FromResult(execution);
    }

    private async Task<IEnumerable<string>> Entries() =>
        (await _here.Audit()).Where(entry => entry.ActionId == _owed.ActionId && entry.Kind.StartsWith("obligation", StringComparison.Ordinal)).Select(entry => entry.Kind);
}
