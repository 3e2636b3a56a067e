using SafeTools.Tests.Support;

namespace SafeTools.Tests;

/// <summary>What comes of an approved action, whatever happened since, over a real store.</summary>
public sealed class PipelinePerformTests : IAsyncLifetime
{
    private Installation _here = null!;

    private SampleProvider Provider => _here.Provider;

    public async Task InitializeAsync() => _here = await Installation.Start();

    public async Task DisposeAsync() => await _here.DisposeAsync();

    [Fact]
    public async Task Perform_Approved_ExecutesOnceAndTellsWhat()
    {
        var proposal = await Approved();
        (await _here.Perform(proposal)).Should().BeOfType<Outcome.Executed>();
        (await _here.Perform(proposal)).Should().BeNull();
        Provider.ExecutedOf(proposal.Id).Should().Be(1);
        Provider.Tickets.Single().Request.Arguments.Text("name").Should().Be("n1");
    }

    [Fact]
    public async Task Perform_ManyTakersAtOnce_ExecuteOnce()
    {
        var proposal = await Approved();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _here.Perform(proposal))));
        outcomes.Count(outcome => outcome is not null).Should().Be(1);
        Provider.ExecutedOf(proposal.Id).Should().Be(1);
    }

    [Fact]
    public async Task Perform_AnotherProcessClaimedInBetween_LeavesItToThatOne()
    {
        var proposal = await Approved();
        var (store, other) = await _here.Another();
        await using var _ = store;
        Outcome? theirs = null;
        _here.Broken.OnMove = move =>
        {
            if (move.To == ActionStatus.Executing)
            {
                theirs = other.Perform(proposal.Id, new Progress<ProviderProgress>(), CancellationToken.None).GetAwaiter().GetResult();
            }
        };
        (await _here.Perform(proposal)).Should().BeNull();
        theirs.Should().BeOfType<Outcome.Executed>();
        Provider.ExecutedOf(proposal.Id).Should().Be(1);
    }

    [Fact]
    public async Task Perform_SecondTakerWhileTheFirstIsAtWork_DoesNotLetGoForIt()
    {
        var proposal = await Approved();
        var seen = new List<(bool SecondTook, bool StillHeld)>();
        _here.Broken.OnMove = move =>
        {
            if (move.To == ActionStatus.Executing)
            {
                var second = _here.Perform(proposal).GetAwaiter().GetResult();
                seen.Add((second is not null, _here.Pipeline.Performs(proposal.Id)));
            }
        };
        (await _here.Perform(proposal)).Should().BeOfType<Outcome.Executed>();
        seen.Should().Equal((false, true));
        _here.Pipeline.Performs(proposal.Id).Should().BeFalse();
    }

    [Fact]
    public async Task Perform_ClaimCannotBeWritten_IsNotExecuted()
    {
        var proposal = await Approved();
        _here.Broken.Fails = nameof(IStore.Move);
        await Throws(() => _here.Perform(proposal));
        Provider.Executed.Should().Be(0);
    }

    [Fact]
    public async Task Perform_StatusEditedToApproved_ReopensAndDoesNothing()
    {
        var proposal = await _here.Proposed();
        _here.Edit($"update actions set status = 'approved' where id = '{proposal.Id}'");
        (await _here.Perform(proposal)).Should().BeNull();
        (await _here.StatusOf(proposal)).Should().Be(ActionStatus.Pending);
        (await _here.Audit())[^1].Kind.Should().Be("action.reopened");
        Provider.Executed.Should().Be(0);
    }

    [Fact]
    public async Task Perform_RequiredAndEnvironmentEdited_DoNotHelp()
    {
        (await _here.Accept(_here.Configuration(persons: 2), _here.Alice)).Should().BeNull();
        var proposal = await _here.Proposed();
        _here.Edit($"update actions set required = 1, environment = 'staging' where id = '{proposal.Id}'");
        await _here.Decide(proposal, _here.Alice, Verdict.ApproveWithoutRecovery);
        _here.Edit($"update actions set status = 'approved' where id = '{proposal.Id}'");
        await _here.Perform(proposal);
        Provider.Executed.Should().Be(0);
    }

    [Fact]
    public async Task Perform_RowCopiedUnderAnotherId_IsNotExecuted()
    {
        var proposal = await Approved();
        await _here.Perform(proposal);
        _here.Edit($"""
            insert into actions select 1000, 'act-copy', key || 'x', principal, tool, resource, document, reason, 'approved', environment, effect, required, blocked,
              preview, fingerprint, undoes, asked, expires, null, null, 0, null from actions where id = '{proposal.Id}'
            """);
        _here.Edit($"insert into previews select 'act-copy', digest, fingerprint from previews where action = '{proposal.Id}'");
        _here.Edit($"insert into decisions select 1000, 'act-copy', epoch, preview, verdict, nonce || 'x', audit_head, key, signature, reason from decisions where action = '{proposal.Id}'");
        _here.Edit("update decisions set nonce = 'gone-' || number where number < 1000");
        _here.Edit("update decisions set nonce = substr(nonce, 1, length(nonce) - 1) where number = 1000");
        await _here.Perform(proposal with { Id = "act-copy" });
        Provider.Executed.Should().Be(1);
    }

    [Fact]
    public async Task Perform_ExecutedBeforeAndStatusSetBack_IsNotExecutedAgain()
    {
        var done = await Approved();
        await _here.Perform(done);
        _here.Edit($"update actions set status = 'approved', expires = 99999999999999 where id = '{done.Id}'");
        await _here.Turn();
        Provider.Executed.Should().Be(1);
        (await _here.StatusOf(done)).Should().Be(ActionStatus.Expired);
        (await _here.Audit())[^1].BodyJson["code"]!.GetValue<string>().Should().Be("ST1803");
    }

    [Fact]
    public async Task Perform_LapsedAndExpiryEdited_IsNotExecuted()
    {
        var late = await Approved();
        _here.Clock.Advance(PolicyRules.ApprovedLife + TimeSpan.FromSeconds(1));
        _here.Edit($"update actions set expires = 99999999999999 where id = '{late.Id}'");
        await _here.Turn();
        Provider.Executed.Should().Be(0);
        (await _here.StatusOf(late)).Should().Be(ActionStatus.Expired);
    }

    [Fact]
    public async Task Perform_TargetReplaced_IsStale()
    {
        var proposal = await Approved();
        Provider.Generation++;
        Failed(await _here.Perform(proposal)).Code.Id.Should().Be("ST1303");
        (await _here.StatusOf(proposal)).Should().Be(ActionStatus.Stale);
        Provider.Executed.Should().Be(0);
    }

    [Fact]
    public async Task Perform_RecoveryPointGone_IsNotExecuted()
    {
        var proposal = await Approved();
        Provider.RecoveryPoints = [];
        Failed(await _here.Perform(proposal)).Code.Id.Should().Be("ST1413");
        Provider.Executed.Should().Be(0);
    }

    [Fact]
    public async Task Perform_TooLate_IsNotExecuted()
    {
        var proposal = await Approved();
        _here.Clock.Advance(PolicyRules.ApprovedLife + TimeSpan.FromSeconds(1));
        (await _here.Perform(proposal)).Should().BeNull();
        var lapsed = await _here.Get(proposal.Id);
        lapsed.Status.Should().Be(ActionStatus.Expired);
        ActionResult.Refusal(lapsed)!.Code.Id.Should().Be("ST1404");
        Provider.Executed.Should().Be(0);
    }

    [Fact]
    public async Task Perform_FrozenSince_IsNotExecuted()
    {
        var proposal = await Approved();
        await _here.Store.Freeze(Freezes.All, CancellationToken.None);
        Failed(await _here.Perform(proposal)).Code.Id.Should().Be("ST1203");
        Provider.Executed.Should().Be(0);
    }

    [Fact]
    public async Task Perform_NewPolicySince_AsksAgain()
    {
        var proposal = await Approved();
        (await _here.Accept(_here.Configuration() + "\npolicy: { max_open_proposals: 7 }", _here.Alice)).Should().BeNull();
        (await _here.Perform(proposal)).Should().BeNull();
        (await _here.StatusOf(proposal)).Should().Be(ActionStatus.Pending);
        Provider.Executed.Should().Be(0);
    }

    [Fact]
    public async Task Perform_PolicyAcceptedBetweenClaimAndLastCheck_OldDecisionsDoNotCount()
    {
        var proposal = await Approved();
        _here.Broken.OnMove = move =>
        {
            if (move.To == ActionStatus.Executing)
            {
                _here.Accept(_here.Configuration() + "\npolicy: { max_open_proposals: 7 }", _here.Alice).GetAwaiter().GetResult().Should().BeNull();
            }
        };
        Failed(await _here.Perform(proposal)).Code.Id.Should().Be("ST1413");
        Provider.Executed.Should().Be(0);
    }

    [Fact]
    public async Task Perform_ThrowsAfterDoingIt_ProbeFindsOut()
    {
        var proposal = await Approved();
        Provider.OnExecute = (ticket, _) =>
        {
            Provider.Happened[ticket.ActionId] = true;
            throw new InvalidOperationException();
        };
        (await _here.Perform(proposal)).Should().BeOfType<Outcome.Executed>();
    }

    [Fact]
    public async Task Perform_ThrowsAndProbeCannotTell_IsUnknownAndNeverRepeated()
    {
        var proposal = await Approved();
        Provider.OnExecute = (_, _) => throw new InvalidOperationException();
        Provider.OnProbe = _ => throw new InvalidOperationException();
        (await _here.Perform(proposal)).Should().BeOfType<Outcome.Unknown>();
        await _here.Turn();
        (await _here.StatusOf(proposal)).Should().Be(ActionStatus.Unknown);
        (await _here.Call("drop")).Should().NotBeOfType<Outcome.Executed>();
        Provider.Executed.Should().Be(1);
    }

    private static Refusal Failed(Outcome? outcome) => outcome.Should().BeOfType<Outcome.Failed>().Which.Why;

    private static async Task Throws<T>(Func<Task<T>> work) => await work.Should().ThrowAsync<StoreException>();

    private async Task<StoredAction> Approved()
    {
        Provider.RecoveryPoints = [Sample.Point(TimeSpan.FromHours(1))];
        var proposal = await _here.Proposed();
        (await _here.Decide(proposal, _here.Alice)).Status.Should().Be(ActionStatus.Approved);
        return proposal;
    }
}
