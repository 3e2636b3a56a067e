using SafeTools.Tests.Support;

namespace SafeTools.Tests;

public sealed class UpkeepTests : IAsyncLifetime
{
    private Installation _here = null!;

    private SampleProvider Provider => _here.Provider;

    public async Task InitializeAsync() => _here = await Installation.Start();

    public async Task DisposeAsync() => await _here.DisposeAsync();

    [Fact]
    public async Task Turn_BeforeTheFirstAcceptance_DoesNothing()
    {
        await using var fresh = await Installation.Start(accepted: false);
        await fresh.Turn();
        fresh.Provider.Executed.Should().Be(0);
    }

    [Fact]
    public async Task Turn_Approved_Executes()
    {
        var proposal = await Approved();
        await _here.Turn();
        await _here.Turn();
        (await _here.StatusOf(proposal)).Should().Be(ActionStatus.Succeeded);
        Provider.ExecutedOf(proposal.Id).Should().Be(1);
    }

    [Fact]
    public async Task Turn_PendingTooLong_Expires()
    {
        var proposal = await _here.Proposed();
        _here.Clock.Advance(TimeSpan.FromHours(24.1));
        await _here.Turn();
        (await _here.StatusOf(proposal)).Should().Be(ActionStatus.Expired);
    }

    [Fact]
    public async Task Turn_ApprovedTooLong_ExpiresUnexecuted()
    {
        var proposal = await Approved();
        _here.Clock.Advance(TimeSpan.FromMinutes(16));
        await _here.Turn();
        (await _here.StatusOf(proposal)).Should().Be(ActionStatus.Expired);
        Provider.Executed.Should().Be(0);
    }

    [Fact]
    public async Task Turn_SnapshotMade_LiftsTheRecoveryBlock()
    {
        var proposal = await _here.Proposed();
        proposal.Blocked.Should().NotBeNull();
        Provider.RecoveryPoints = [Sample.Point(TimeSpan.Zero)];
        var snapshot = await _here.Proposed("snapshot");
        await _here.Decide(snapshot, _here.Alice);
        await _here.Turn();
        await _here.Turn();
        (await _here.Get(proposal.Id)).Should().Match<StoredAction>(action => action.Blocked == null && !action.PreviewWanted && action.Status == ActionStatus.Pending);
    }

    [Fact]
    public async Task Turn_WantedPreviewFindsAnotherTarget_IsStale()
    {
        var proposal = await _here.Proposed();
        Provider.Generation++;
        await _here.Store.WantPreview(proposal.Id, CancellationToken.None);
        await _here.Turn();
        (await _here.StatusOf(proposal)).Should().Be(ActionStatus.Stale);
    }

    [Fact]
    public async Task Turn_WantedPreviewCannotBeTaken_StaysAsItWas()
    {
        var proposal = await _here.Proposed();
        Provider.OnPreview = (_, _) => throw new InvalidOperationException();
        await _here.Store.WantPreview(proposal.Id, CancellationToken.None);
        await _here.Turn();
        (await _here.Get(proposal.Id)).Should().Match<StoredAction>(action => action.Preview == proposal.Preview && !action.PreviewWanted && action.Status == ActionStatus.Pending);
    }

    [Theory]
    [InlineData(true, ActionStatus.Succeeded)]
    [InlineData(false, ActionStatus.Failed)]
    internal async Task Turn_ProcessDiedWhileExecuting_ProbeSettlesIt(bool happened, ActionStatus status)
    {
        var proposal = await Died();
        if (happened)
        {
            Provider.Happened[proposal.Id] = true;
        }

        await _here.Turn();
        (await _here.StatusOf(proposal)).Should().Be(status);
        Provider.Executed.Should().Be(0);
    }

    [Fact]
    public async Task Turn_ProcessDiedAndProbeCannotTell_StaysUnknownUntilItCan()
    {
        var proposal = await Died();
        Provider.OnProbe = _ => throw new InvalidOperationException();
        await _here.Turn();
        await _here.Turn();
        (await _here.StatusOf(proposal)).Should().Be(ActionStatus.Unknown);
        Provider.OnProbe = null;
        await _here.Turn();
        (await _here.StatusOf(proposal)).Should().Be(ActionStatus.Failed);
        Provider.Executed.Should().Be(0);
    }

    [Fact]
    public async Task Turn_ProcessStillAlive_LeavesItAlone()
    {
        var proposal = await Died();
        _here.Alive.Add("server-dead");
        await _here.Turn();
        (await _here.StatusOf(proposal)).Should().Be(ActionStatus.Executing);
    }

    [Fact]
    public async Task Turn_ProcessDiedAndToolIsGone_IsUnknown()
    {
        var proposal = await Died();
        (await _here.Accept(_here.Configuration().Replace("place: there", "place: elsewhere", StringComparison.Ordinal), _here.Alice)).Should().BeNull();
        await _here.Turn();
        (await _here.StatusOf(proposal)).Should().Be(ActionStatus.Unknown);
    }

    private async Task<StoredAction> Approved()
    {
        Provider.RecoveryPoints = [Sample.Point(TimeSpan.FromHours(1))];
        var proposal = await _here.Proposed();
        (await _here.Decide(proposal, _here.Alice)).Status.Should().Be(ActionStatus.Approved);
        return proposal;
    }

    /// <summary>Claimed by a process that ended before it wrote down what came of it.</summary>
    private async Task<StoredAction> Died()
    {
        var proposal = await Approved();
        (await _here.Store.Move(Records.Claimed(await _here.Get(proposal.Id), "server-dead"), CancellationToken.None)).Should().BeTrue();
        return proposal;
    }
}
