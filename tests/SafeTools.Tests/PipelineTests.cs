using SafeTools.Tests.Support;

namespace SafeTools.Tests;

/// <summary>Each branch of the pipeline, over a real store.</summary>
public sealed class PipelineTests : IAsyncLifetime
{
    private Installation _here = null!;

    private SampleProvider Provider => _here.Provider;

    public async Task InitializeAsync() => _here = await Installation.Start();

    public async Task DisposeAsync() => await _here.DisposeAsync();

    [Fact]
    public async Task Run_Read_AnswersAfterItIsWrittenDown()
    {
        (await _here.Call("look")).Should().BeOfType<Outcome.Executed>().Which.Action.Should().BeNull();
        (await _here.Audit())[^1].Kind.Should().Be("read.answered");
    }

    [Fact]
    public async Task Run_ReadThatCannotBeWrittenDown_GivesNoAnswer()
    {
        _here.Broken.Fails = nameof(IStore.Record);
        await Throws(() => _here.Call("look"));
    }

    [Theory]
    [InlineData("nonsense", "local")]
    [InlineData("drop_staging", "second")]
    [InlineData("look", "nobody")]
    [InlineData("look", "human")]
    public async Task Run_UnknownOrUngranted_RefusesAlikeAndIsAudited(string tool, string principal)
    {
        Refused(await _here.Call(tool, "{}", principal)).Should().Be(RefusalCatalog.UnknownTool.Because("Unknown tool."));
        (await _here.Audit())[^1].Kind.Should().Be("call.refused");
    }

    [Fact]
    public async Task Run_WrongArguments_RefusesWithoutLooking()
    {
        Provider.OnPreview = (_, _) => throw new InvalidOperationException("looked");
        Refused(await _here.Call("look", """{"nome":"n1"}""")).Code.Id.Should().Be("ST1101");
        _here.Log.Should().BeEmpty();
    }

    [Fact]
    public async Task Run_ProviderThrowsWhileLooking_RefusesInOwnWordsAndIsAudited()
    {
        Provider.OnPreview = (_, _) => throw new InvalidOperationException("password=hunter2 at /srv/x");
        var why = Refused(await _here.Call("look"));
        why.Code.Id.Should().Be("ST1503");
        why.Message.Should().NotContain("hunter2");
        (await _here.Audit())[^1].BodyJson["code"]!.GetValue<string>().Should().Be("ST1503");
        _here.Log.Should().ContainSingle().Which.Should().Contain("hunter2");
    }

    [Fact]
    public async Task Run_ProviderRefusesToLook_IsAudited()
    {
        Provider.OnPreview = (_, _) => Task.FromResult<Previewed>(RefusalCatalog.NoSuchItem.Because("No n1."));
        Refused(await _here.Call("drop")).Code.Id.Should().Be("ST1501");
        (await _here.Audit())[^1].BodyJson["code"]!.GetValue<string>().Should().Be("ST1501");
    }

    [Fact]
    public async Task Run_ItemVouchedForAsProduction_StagingToolRefuses()
    {
        Provider.Evidence = ["production"];
        Refused(await _here.Call("look")).Code.Id.Should().Be("ST1301");
        Provider.Executed.Should().Be(0);
    }

    [Fact]
    public async Task Run_ReadThrows_RefusesAndIsAudited()
    {
        Provider.OnExecute = (_, _) => throw new InvalidOperationException("hunter2");
        Refused(await _here.Call("look")).Should().Match<Refusal>(why => why.Code.Id == "ST1503" && !why.Message.Contains("hunter2"));
        (await _here.Audit())[^1].Kind.Should().Be("read.failed");
    }

    [Fact]
    public async Task Run_ReadCancelled_EndsAsCancelled()
    {
        using var cancel = new CancellationTokenSource();
        Provider.OnExecute = async (_, token) =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.Infinite, token);
            return SampleProvider.Done();
        };
        var call = () => _here.Call("look", cancellationToken: cancel.Token);
        await call.Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task Run_ReversibleInStaging_RunsAtOnceAsAnAction()
    {
        var done = (await _here.Call("label")).Should().BeOfType<Outcome.Executed>().Which.Action!;
        (await _here.StatusOf(done)).Should().Be(ActionStatus.Succeeded);
        (await _here.Audit()).TakeLast(2).Select(entry => entry.Kind).Should().Equal("action.begun", "action.ended");
    }

    [Theory]
    [InlineData("label", nameof(IStore.Begin))]
    [InlineData("drop", nameof(IStore.Propose))]
    public async Task Run_AuditUnwritable_NothingIsExecuted(string tool, string fails)
    {
        _here.Broken.Fails = fails;
        await Throws(() => _here.Call(tool));
        Provider.Executed.Should().Be(0);
    }

    [Fact]
    public async Task Run_CancelledAfterItBegan_IsStillWrittenDown()
    {
        using var cancel = new CancellationTokenSource();
        Provider.OnPreview = async (request, _) =>
        {
            if ((await _here.Store.List(null, open: true, 10, CancellationToken.None)).Count > 0)
            {
                await cancel.CancelAsync(); // between claim and act
            }

            return Provider.See(request);
        };
        Provider.OnExecute = (_, token) => Task.FromCanceled<Execution>(token);
        var outcome = await _here.Call("label", cancellationToken: cancel.Token);
        outcome.Should().BeOfType<Outcome.Failed>("the probe found that nothing had happened");
        (await _here.Store.List(null, open: true, 10, CancellationToken.None)).Should().BeEmpty();
    }

    [Fact]
    public async Task Run_ReadByFloorButRaisedBySpecThrows_IsNotTakenForUndone()
    {
        Provider.OnExecute = (_, _) => throw new InvalidOperationException();
        Provider.OnProbe = _ => throw new InvalidOperationException();
        (await _here.Accept(_here.Configuration(grants: "raised@staging"), _here.Alice)).Should().BeNull();
        var proposal = await _here.Proposed("raised");
        await _here.Decide(proposal, _here.Alice);
        (await _here.Perform(proposal)).Should().BeOfType<Outcome.Unknown>();
    }

    [Fact]
    public async Task Run_Repeated_IsTheSameProposal()
    {
        var first = await _here.Proposed();
        (await _here.Proposed()).Id.Should().Be(first.Id);
        (await _here.Proposed(principal: "second")).Id.Should().NotBe(first.Id, "nothing is merged across principals");
    }

    [Fact]
    public async Task Run_RejectedBefore_Refuses24Hours()
    {
        await _here.Decide(await _here.Proposed(), _here.Alice, Verdict.Reject);
        Refused(await _here.Call("drop")).Code.Id.Should().Be("ST1402");
        _here.Clock.Advance(TimeSpan.FromHours(24.1));
        await _here.Proposed();
    }

    [Fact]
    public async Task Run_Frozen_RunsNothing()
    {
        await _here.Store.Freeze("local", CancellationToken.None);
        foreach (var tool in new[] { "look", "label", "drop" })
        {
            Refused(await _here.Call(tool)).Code.Id.Should().Be("ST1203");
        }

        Provider.Executed.Should().Be(0);
    }

    [Fact]
    public async Task Run_BeforeTheFirstAcceptance_OnlyReads()
    {
        await using var fresh = await Installation.Start(accepted: false);
        (await fresh.Call("look")).Should().BeOfType<Outcome.Executed>();
        Refused(await fresh.Call("label")).Code.Id.Should().Be("ST1201", "it is not even offered");
    }

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

    [Fact]
    public async Task Decide_NonceUsedTwice_CountsOnce()
    {
        (await _here.Accept(_here.Configuration(persons: 2), _here.Alice)).Should().BeNull();
        Provider.RecoveryPoints = [Sample.Point(TimeSpan.FromHours(1))];
        var proposal = await _here.Proposed();
        var nonce = await _here.Store.IssueNonce("action:" + proposal.Id, CancellationToken.None);
        var decision = _here.Alice.Decide(proposal, store: _here.Store.Id, epoch: 2, nonce: nonce);
        (await _here.Pipeline.Decide(decision, CancellationToken.None)).Refusal.Should().BeNull();
        (await _here.Pipeline.Decide(decision, CancellationToken.None)).Refusal!.Code.Id.Should().Be("ST1407");
    }

    [Fact]
    public async Task Undo_OwnAction_RunsOnceThroughTheSameGate()
    {
        var done = (await _here.Call("label")).Should().BeOfType<Outcome.Executed>().Which.Action!;
        (await _here.Undo("local", done.Id)).Should().BeOfType<Outcome.Executed>().Which.Action!.Undoes.Should().Be(done.Id);
        Refused(await _here.Undo("local", done.Id)).Code.Id.Should().Be("ST1410");
    }

    [Fact]
    public async Task Undo_SomebodyElsesOrNone_IsTheSameRefusal()
    {
        var done = (await _here.Call("label")).Should().BeOfType<Outcome.Executed>().Which.Action!;
        Refused(await _here.Undo("second", done.Id)).Should().Be(Refused(await _here.Undo("second", "act-none")));
    }

    [Fact]
    public async Task Undo_ResultEdited_Refuses()
    {
        var done = (await _here.Call("label")).Should().BeOfType<Outcome.Executed>().Which.Action!;
        _here.Edit($"update actions set result = replace(result, 'sample.', 'sample.d') where id = '{done.Id}'");
        Refused(await _here.Undo("local", done.Id)).Code.Id.Should().Be("ST1410");
    }

    [Fact]
    public async Task Undo_ReasonTooLong_Refuses()
    {
        var done = (await _here.Call("label")).Should().BeOfType<Outcome.Executed>().Which.Action!;
        Refused(await _here.Undo("local", done.Id, new string('x', 501))).Code.Id.Should().Be("ST1102");
    }

    [Fact]
    public async Task Undo_InProduction_WaitsForAHumanEvenWhenAHumanAsks()
    {
        var proposal = await _here.Proposed("label_live");
        await _here.Decide(proposal, _here.Alice);
        await _here.Perform(proposal);
        (await _here.Undo("human", proposal.Id)).Should().BeOfType<Outcome.Proposed>();
        Provider.Executed.Should().Be(1);
    }

    private static Refusal Refused(Outcome outcome) => outcome.Should().BeOfType<Outcome.Refused>().Which.Why;

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
