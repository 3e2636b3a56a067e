using SafeTools.Tests.Support;

namespace SafeTools.Tests.Contracts;

public abstract partial class StoreContract
{
    [Fact]
    public async Task Propose_NewRequest_IsStoredWhole()
    {
        var action = StoredActions.Pending(Clock.Now) with { Blocked = "no recovery point", Undoes = "act-earlier" };

        var result = await Store.Propose(action, 1, None);

        result.Should().Be(new ProposeResult(action, null, false));
        (await Store.Get(action.Id, None)).Should().Be(action);
    }

    [Fact]
    public async Task Propose_NewRequest_AuditsDigestsAndKeepsTextAsPayload()
    {
        var action = await Proposed();

        var entry = await LastEntry();

        entry.Kind.Should().Be("action.proposed");
        (entry.Principal, entry.ActionId, entry.Tool).Should().Be((action.Principal, action.Id, action.Tool));
        entry.BodyJson["digest"]!.GetValue<string>().Should().Be(action.Digest);
        entry.BodyJson["preview"]!.GetValue<string>().Should().Be(action.PreviewDigest);
        entry.Body.Should().NotContain("credential mismatch");
        entry.Payload!.Value.Text.Should().Contain("credential mismatch").And.Contain("arguments");
    }

    [Fact]
    public async Task Propose_SameKeyPending_AnswersSameProposalWithFreshPreview()
    {
        var first = await Proposed();
        await Store.WantPreview(first.Id, None);
        var again = StoredActions.Pending(Clock.Now, state: "detached") with { Blocked = "no recovery point" };

        var result = await Store.Propose(again, 1, None);

        result.Repeated.Should().BeTrue();
        result.Action.Should().Be(first with { Preview = again.Preview, Fingerprint = again.Fingerprint, Blocked = again.Blocked });
        (await Store.Get(again.Id, None)).Should().BeNull();
        (await LastEntry()).Kind.Should().Be("action.repeated");
        (await Store.Evidence(first.Id, None)).PreviewFingerprints.Should().HaveCount(2);
    }

    [Fact]
    public async Task Propose_SameKeyApproved_KeepsStatusExpiryAndDecisions()
    {
        var approved = await Approved();
        Clock.Advance(TimeSpan.FromMinutes(1));

        var result = await Store.Propose(StoredActions.Pending(Clock.Now, state: "detached"), 1, None);

        (result.Action!.Id, result.Action.Status, result.Action.Expires).Should().Be((approved.Id, ActionStatus.Approved, approved.Expires));
        (await Store.Evidence(approved.Id, None)).Decisions.Should().ContainSingle();
    }

    [Fact]
    public async Task Propose_SameKeyExecuting_KeepsThePreviewItRunsOn()
    {
        var running = StoredActions.Executing(Clock.Now);
        await Store.Begin(running, None);

        var result = await Store.Propose(StoredActions.Pending(Clock.Now, state: "detached"), 1, None);

        result.Action.Should().Be(running);
    }

    [Fact]
    public async Task Propose_SameRequestOfAnotherPrincipal_IsAnotherProposal()
    {
        var first = await Proposed(principal: "local");
        var second = await Proposed(principal: "nightly");

        second.Id.Should().NotBe(first.Id);
        (await Store.List(null, true, 10, None)).Should().HaveCount(2);
    }

    [Fact]
    public async Task Propose_KeyRejectedLessThan24HoursAgo_Refuses()
    {
        var first = await Proposed();
        Clock.Advance(TimeSpan.FromHours(5));
        await Decided(first, ActionStatus.Rejected, Verdict.Reject);
        Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromMilliseconds(1));
        var before = await LastEntry();

        var result = await Store.Propose(StoredActions.Pending(Clock.Now), 10, None);

        result.Refusal!.Code.Should().Be(RefusalCatalog.RejectedBefore);
        result.Action.Should().BeNull();
        (await LastEntry()).Hash.Should().Be(before.Hash);
    }

    [Fact]
    public async Task Propose_KeyRejected24HoursAgo_IsAllowed()
    {
        var first = await Proposed();
        await Decided(first, ActionStatus.Rejected, Verdict.Reject);
        Clock.Advance(TimeSpan.FromHours(24));

        (await Store.Propose(StoredActions.Pending(Clock.Now), 10, None)).Refusal.Should().BeNull();
    }

    [Fact]
    public async Task Propose_KeyWithdrawn_IsAllowedAtOnce()
    {
        var first = await Proposed();
        await Store.Move(StoredActions.Move(first, ActionStatus.Pending, ActionStatus.Withdrawn), None);

        (await Store.Propose(StoredActions.Pending(Clock.Now), 10, None)).Repeated.Should().BeFalse();
    }

    [Fact]
    public async Task Propose_MostOpenReached_RefusesNewOnesOfThatPrincipalOnly()
    {
        await Proposed("one");
        await Proposed("two");

        (await Store.Propose(StoredActions.Pending(Clock.Now, "three"), 2, None)).Refusal!.Code.Should().Be(RefusalCatalog.TooManyProposals);
        (await Store.Propose(StoredActions.Pending(Clock.Now, "two"), 2, None)).Repeated.Should().BeTrue();
        (await Store.Propose(StoredActions.Pending(Clock.Now, "three", "nightly"), 2, None)).Refusal.Should().BeNull();
    }

    [Fact]
    public async Task Propose_EndedAndUndecidedActions_DoNotCountAsOpenProposals()
    {
        var ended = await Proposed("one");
        await Store.Move(StoredActions.Move(ended, ActionStatus.Pending, ActionStatus.Expired), None);
        await Store.Begin(StoredActions.Executing(Clock.Now, "two"), None);

        (await Store.Propose(StoredActions.Pending(Clock.Now, "three"), 1, None)).Refusal.Should().BeNull();
    }

    [Fact]
    public async Task Propose_NotPending_IsABug()
    {
        var propose = () => Store.Propose(StoredActions.Executing(Clock.Now), 1, None);

        await propose.Should().ThrowAsync<ArgumentException>();
    }

    [Fact]
    public async Task Begin_NewKey_StoresAndAudits()
    {
        var action = StoredActions.Executing(Clock.Now);

        (await Store.Begin(action, None)).Should().BeTrue();

        (await Store.Get(action.Id, None)).Should().Be(action);
        (await LastEntry()).Kind.Should().Be("action.begun");
    }

    [Fact]
    public async Task Begin_OpenOneWithItsKey_ChangesNothing()
    {
        await Proposed();
        var before = await LastEntry();

        (await Store.Begin(StoredActions.Executing(Clock.Now), None)).Should().BeFalse();

        (await LastEntry()).Hash.Should().Be(before.Hash);
    }

    [Fact]
    public async Task Begin_NotExecuting_IsABug()
    {
        var begin = () => Store.Begin(StoredActions.Pending(Clock.Now), None);

        await begin.Should().ThrowAsync<ArgumentException>();
    }

    [Fact]
    public async Task Move_FromItsStatus_KeepsWhatTheStepBrings()
    {
        var action = await Approved();
        var expires = Clock.Now + TimeSpan.FromMinutes(3);

        (await Store.Move(StoredActions.Move(action, ActionStatus.Approved, ActionStatus.Executing) with { Server = "server-two", Expires = expires }, None)).Should().BeTrue();
        (await Store.Move(StoredActions.Move(action, ActionStatus.Executing, ActionStatus.Succeeded) with { Result = """{"data":{}}""" }, None)).Should().BeTrue();

        (await Store.Get(action.Id, None)).Should().Be(action with { Status = ActionStatus.Succeeded, Server = "server-two", Expires = expires, Result = """{"data":{}}""" });
        (await Entries()).TakeLast(2).Select(entry => entry.Kind).Should().Equal("action.claimed", "action.ended");
    }

    [Fact]
    public async Task Move_FromAnotherStatus_ChangesNothing()
    {
        var action = await Proposed();
        var before = await LastEntry();

        (await Store.Move(StoredActions.Move(action, ActionStatus.Approved, ActionStatus.Executing), None)).Should().BeFalse();
        (await Store.Move(StoredActions.Move(StoredActions.Pending(Clock.Now), ActionStatus.Pending, ActionStatus.Withdrawn), None)).Should().BeFalse();

        (await Store.Get(action.Id, None)).Should().Be(action);
        (await LastEntry()).Hash.Should().Be(before.Hash);
    }

    [Fact]
    public async Task Move_StepsThatALifeDoesNotHave_AreBugs()
    {
        var action = await Proposed();
        foreach (var from in Enum.GetValues<ActionStatus>())
        {
            foreach (var to in Enum.GetValues<ActionStatus>().Where(to => !ActionLife.Allows(from, to)))
            {
                var move = () => Store.Move(StoredActions.Move(action, from, to), None);
                await move.Should().ThrowAsync<ArgumentException>();
            }
        }

        (await Store.Get(action.Id, None)).Should().Be(action);
    }

    [Fact]
    public async Task Refresh_Pending_ReplacesPreviewAndKeepsTheOldOnesFingerprint()
    {
        var action = await Proposed();
        await Store.WantPreview(action.Id, None);
        var (preview, fingerprint) = (StoredActions.Preview("detached"), StoredActions.Fingerprint("detached"));

        await Store.Refresh(action.Id, preview, fingerprint, "blocked", None);

        (await Store.Get(action.Id, None)).Should().Be(action with { Preview = preview, Fingerprint = fingerprint, Blocked = "blocked" });
        (await Store.Evidence(action.Id, None)).PreviewFingerprints.Should().BeEquivalentTo(new Dictionary<string, string>
        {
            [action.PreviewDigest] = action.Fingerprint,
            [Digest.Of(preview)] = fingerprint,
        });
        (await LastEntry()).Kind.Should().Be("preview.refreshed");
    }

    [Fact]
    public async Task Refresh_EndedAction_ChangesNothing()
    {
        var action = await Proposed();
        await Store.Move(StoredActions.Move(action, ActionStatus.Pending, ActionStatus.Withdrawn), None);
        var before = await LastEntry();

        await Store.Refresh(action.Id, StoredActions.Preview("detached"), StoredActions.Fingerprint("detached"), null, None);

        (await Store.Get(action.Id, None))!.Preview.Should().Be(action.Preview);
        (await LastEntry()).Hash.Should().Be(before.Hash);
    }

    [Fact]
    public async Task WantPreview_Pending_IsSeenByOthersWithoutAnEntry()
    {
        var action = await Proposed();
        var other = await Another();
        var (before, version) = (await LastEntry(), await other.Version(None));

        await Store.WantPreview(action.Id, None);

        (await other.Get(action.Id, None))!.PreviewWanted.Should().BeTrue();
        (await other.Version(None)).Should().NotBe(version);
        (await LastEntry()).Hash.Should().Be(before.Hash);
    }

    [Fact]
    public async Task Get_UnknownId_IsNull() => (await Store.Get("act-000000000000", None)).Should().BeNull();

    [Fact]
    public async Task List_PrincipalAndOpen_NewestFirstAndBounded()
    {
        var one = await Proposed("one");
        var two = await Proposed("two");
        var three = await Proposed("three");
        var others = await Proposed("four", "nightly");
        await Store.Move(StoredActions.Move(two, ActionStatus.Pending, ActionStatus.Withdrawn), None);

        (await Store.List("local", true, 10, None)).Select(action => action.Id).Should().Equal(three.Id, one.Id);
        (await Store.List("local", false, 2, None)).Select(action => action.Id).Should().Equal(three.Id, two.Id);
        (await Store.List(null, false, 10, None)).Select(action => action.Id).Should().Equal(others.Id, three.Id, two.Id, one.Id);
    }

    [Fact]
    public async Task UndosOf_Action_NewestFirst()
    {
        var action = await Proposed("one");
        var first = StoredActions.Pending(Clock.Now, "undo 1") with { Undoes = action.Id };
        var second = StoredActions.Pending(Clock.Now, "undo 2") with { Undoes = action.Id };
        await Store.Propose(first, 10, None);
        await Store.Propose(second, 10, None);

        (await Store.UndosOf(action.Id, None)).Should().Equal(second, first);
    }
}
