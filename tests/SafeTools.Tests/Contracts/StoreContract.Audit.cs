using SafeTools.Tests.Support;

namespace SafeTools.Tests.Contracts;

public abstract partial class StoreContract
{
    [Fact]
    public async Task Open_NewStore_BeginsWithItsMaking()
    {
        var entries = await Entries();

        entries.Should().ContainSingle();
        (entries[0].Kind, entries[0].BodyJson["store"]!.GetValue<string>()).Should().Be(("store.created", Store.Id));
    }

    [Fact]
    public async Task Reopen_SameStore_HasTheSameIdAndContent()
    {
        var action = await Proposed();

        var other = await Another();

        other.Id.Should().Be(Store.Id);
        (await other.Get(action.Id, None)).Should().Be(action);
    }

    [Fact]
    public async Task Record_Draft_IsTheNextLinkWithItsPayload()
    {
        await Store.Record(ReadAnswered(), None);

        var entry = await LastEntry();

        (entry.Sequence, entry.Kind, entry.Principal, entry.Tool, entry.Time).Should().Be((2, "read.answered", "local", "query_staging_db", Clock.Now));
        entry.Payload!.Value.Text.Should().Be("""{"customer":"n1"}""");
        (await Store.Standing(None)).Head.Should().Be((2, entry.Hash));
    }

    [Fact]
    public async Task Audit_FromASequence_AnswersTheRestInOrder()
    {
        for (var count = 0; count < 600; count++)
        {
            await Store.Record(ReadAnswered(), None);
        }

        (await Entries(from: 300)).Select(entry => entry.Sequence).Should().Equal(Enumerable.Range(300, 302).Select(sequence => (long)sequence));
    }

    [Fact]
    public async Task Audit_AfterEverything_Verifies()
    {
        await Everything();

        FaultOf(await Entries()).Should().BeNull();
        var known = await Store.Policies(None);
        var verified = await AuditVerifier.Verify(Store.Id, Store.Audit(1, None), epoch => PolicyDocument.Approvers(known.Single(policy => policy.Epoch == epoch).Document), None);
        verified.Fault.Should().BeNull();
        verified.Entries.Should().Be((await LastEntry()).Sequence);
        verified.AfterAnchor.Should().BeInRange(1, 3);
    }

    [Fact]
    public async Task Standing_ClockSlightlyBehind_TimeStandsStill()
    {
        await Store.Record(ReadAnswered(), None);
        var newest = Clock.Now;
        Clock.Advance(TimeSpan.FromSeconds(-2));

        await Store.Record(ReadAnswered(), None);

        (await LastEntry()).Time.Should().Be(newest);
        (await Store.Standing(None)).Now.Should().Be(newest);
    }

    [Fact]
    public async Task Anything_ClockWentBack_Refuses()
    {
        var action = await Proposed();
        var before = await LastEntry();
        Clock.Advance(TimeSpan.FromSeconds(-2) - TimeSpan.FromMilliseconds(1));

        foreach (var attempt in new Func<Task>[]
        {
            () => Store.Standing(None),
            () => Store.Record(ReadAnswered(), None),
            () => Store.Propose(StoredActions.Pending(Clock.Now, "other"), 10, None),
            () => Store.Move(StoredActions.Move(action, ActionStatus.Pending, ActionStatus.Approved), None),
            () => Store.IssueNonce("action:" + action.Id, None),
        })
        {
            (await attempt.Should().ThrowAsync<StoreException>()).Which.Refusal.Code.Should().Be(RefusalCatalog.ClockWentBack);
        }

        (await LastEntry()).Hash.Should().Be(before.Hash);
    }

    [Fact]
    public async Task Version_AnyChange_DiffersForEveryHandle()
    {
        var other = await Another();
        var (mine, theirs) = (await Store.Version(None), await other.Version(None));
        (await Store.Version(None)).Should().Be(mine);

        await Store.Record(ReadAnswered(), None);

        (await Store.Version(None)).Should().NotBe(mine);
        (await other.Version(None)).Should().NotBe(theirs);
    }

    [Fact]
    public async Task Anything_Cancelled_ChangesNothing()
    {
        var record = () => Store.Record(ReadAnswered(), new CancellationToken(true));

        await record.Should().ThrowAsync<OperationCanceledException>();

        (await Entries()).Should().ContainSingle();
    }

    [Fact]
    public async Task Move_SixteenClaimsOverTwoHandles_OneWins()
    {
        var action = await Approved();
        var other = await Another();

        var claims = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => Task.Run(() =>
            (number % 2 == 0 ? Store : other).Move(StoredActions.Move(action, ActionStatus.Approved, ActionStatus.Executing) with { Server = $"server-{number}" }, None))));

        claims.Count(won => won).Should().Be(1);
        (await Entries()).Count(entry => entry.Kind == "action.claimed").Should().Be(1);
    }

    [Fact]
    public async Task Propose_SameRequestOverTwoHandles_IsOneProposal()
    {
        var other = await Another();

        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => Task.Run(() =>
            (number % 2 == 0 ? Store : other).Propose(StoredActions.Pending(Clock.Now), 10, None))));

        results.Select(result => result.Action!.Id).Distinct().Should().ContainSingle();
        results.Count(result => !result.Repeated).Should().Be(1);
    }

    [Fact]
    public async Task Decide_SameDecisionOverTwoHandles_CountsOnce()
    {
        var action = await Proposed();
        var other = await Another();
        var decision = Alice.Decide(Store.Id, action, await Store.IssueNonce("action:" + action.Id, None));

        var judged = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(() =>
            (number % 2 == 0 ? Store : other).Decide(decision, Says(ActionStatus.Approved), None))));

        judged.Count(one => one.Refusal is null).Should().Be(1);
        (await Store.Evidence(action.Id, None)).Decisions.Should().ContainSingle();
    }

    [Fact]
    public async Task Everything_ManyHandlesAtOnce_OneChainAndOneClaimEach()
    {
        const int Handles = 4;
        const int Keys = 6;
        var stores = new List<IStore> { Store };
        for (var count = 1; count < Handles; count++)
        {
            stores.Add(await Another());
        }

        var claims = await Task.WhenAll(stores.Select(store => Task.Run(async () =>
        {
            var won = new List<string>();
            for (var key = 0; key < Keys; key++)
            {
                var action = (await store.Propose(StoredActions.Pending(Clock.Now, $"key-{key}"), 100, None)).Action!;
                await store.Record(ReadAnswered(), None);
                var decision = Alice.Decide(store.Id, action, await store.IssueNonce("action:" + action.Id, None));
                await store.Decide(decision, (seen, _, _, _) => new Judged(
                    seen.Status == ActionStatus.Pending ? null : RefusalCatalog.ProposalClosed.Because("Decided."), ActionStatus.Approved), None);
                if (await store.Move(StoredActions.Move(action, ActionStatus.Approved, ActionStatus.Executing), None))
                {
                    won.Add(action.Key);
                }
            }

            return won;
        })));

        var won = claims.SelectMany(one => one).ToArray();
        won.Should().OnlyHaveUniqueItems().And.HaveCount(Keys);
        var entries = await Entries();
        FaultOf(entries).Should().BeNull();
        entries.Where(entry => entry.Kind == "action.claimed").Select(entry => entry.ActionId).Should().OnlyHaveUniqueItems().And.HaveCount(Keys);
        entries.Count(entry => entry.Kind == "decision.accepted").Should().Be(Keys);
    }

    /// <summary>One of each change, accepted and refused.</summary>
    private protected async Task Everything()
    {
        await Accepted();
        var action = await Proposed();
        await Store.Propose(StoredActions.Pending(Clock.Now, state: "detached"), 10, None);
        await Store.Refresh(action.Id, action.Preview, action.Fingerprint, null, None);
        await Decided(action, ActionStatus.Approved);
        await Store.Move(StoredActions.Move(action, ActionStatus.Approved, ActionStatus.Executing), None);
        Clock.Advance(TimeSpan.FromSeconds(1));
        await Store.Move(StoredActions.Move(action, ActionStatus.Executing, ActionStatus.Succeeded), None);
        await Store.Begin(StoredActions.Executing(Clock.Now, "begun"), None);
        var rejected = await Proposed("rejected");
        await Decided(rejected, ActionStatus.Rejected, Verdict.Reject);
        await Store.Decide(Alice.Decide(Store.Id, rejected, new Nonce("none", AuditChain.Origin, Clock.Now)), MustNotBeAsked, None);
        await Store.Freeze("nightly", None);
        await Store.Unfreeze(Alice.Unfreeze(Store.Id, "nightly", await Store.IssueNonce("unfreeze:nightly", None)), _ => null, None);
        await Store.Record(ReadAnswered(), None);
    }
}
