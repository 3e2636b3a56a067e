using SafeTools.Tests.Support;

namespace SafeTools.Tests.Contracts;

public abstract partial class StoreContract
{
    private static DecisionJudge Says(ActionStatus status) => (_, _, _, _) => new Judged(null, status);

    private static DecisionJudge MustNotBeAsked => (_, _, _, _) => throw new InvalidOperationException("The judge was asked.");

    [Fact]
    public async Task IssueNonce_Subject_NamesTheEntryThatIssuedIt()
    {
        var first = await Store.IssueNonce("action:act-1", None);
        var second = await Store.IssueNonce("action:act-1", None);

        second.Text.Should().NotBe(first.Text);
        second.AuditHead.Should().NotBe(first.AuditHead);
        first.Expires.Should().Be(Clock.Now + PolicyRules.NonceLife);
        var entry = await LastEntry();
        (entry.Kind, entry.Hash).Should().Be(("nonce.issued", second.AuditHead));
        entry.Body.Should().Contain("action:act-1").And.NotContain(second.Text);
    }

    [Fact]
    public async Task Decide_ToApproved_StoresEvidenceAndGivesFifteenMinutes()
    {
        var action = await Proposed();

        var decision = await Decided(action, ActionStatus.Approved);

        var stored = (await Store.Get(action.Id, None))!;
        (stored.Status, stored.Expires).Should().Be((ActionStatus.Approved, Clock.Now + PolicyRules.ApprovedLife));
        (await Store.Evidence(action.Id, None)).Decisions.Should().Equal(decision);
        var entry = await LastEntry();
        entry.Kind.Should().Be("decision.accepted");
        new[] { decision.PreviewDigest, decision.Nonce, decision.AuditHead, decision.Key, decision.Signature }
            .Should().BeEquivalentTo(new[] { "preview", "nonce", "audit_head", "key", "signature" }.Select(name => entry.BodyJson[name]!.GetValue<string>()));
        (entry.BodyJson["verdict"]!.GetValue<string>(), entry.BodyJson["status"]!.GetValue<string>(), entry.BodyJson["epoch"]!.GetValue<int>()).Should().Be(("approve", "approved", 1));
    }

    [Fact]
    public async Task Decide_MoreNeeded_LeavesItPending()
    {
        var action = await Proposed();

        await Decided(action, ActionStatus.Pending);

        (await Store.Get(action.Id, None)).Should().Be(action);
        (await Store.Evidence(action.Id, None)).Decisions.Should().ContainSingle();
    }

    [Fact]
    public async Task Decide_ToRejected_KeepsResultAndReasonOutOfTheChain()
    {
        var action = await Proposed();
        var decision = Alice.Decide(Store.Id, action, await Store.IssueNonce("action:" + action.Id, None), Verdict.Reject) with { Reason = "ask Carol first" };

        await Store.Decide(decision, (_, _, _, _) => new Judged(null, ActionStatus.Rejected) { Result = """{"refused":"ST1402"}""" }, None);

        var stored = (await Store.Get(action.Id, None))!;
        (stored.Status, stored.Result).Should().Be((ActionStatus.Rejected, """{"refused":"ST1402"}"""));
        (await Store.Evidence(action.Id, None)).Decisions.Should().Equal(decision);
        var entry = await LastEntry();
        entry.Body.Should().NotContain("Carol");
        entry.Payload!.Value.Text.Should().Contain("Carol");
    }

    [Fact]
    public async Task Decide_Judge_SeesActionEarlierDecisionsAndTimeOfTheTransaction()
    {
        var action = await Proposed();
        var first = await Decided(action, ActionStatus.Pending);
        Clock.Advance(TimeSpan.FromMinutes(1));
        var second = Bob.Decide(Store.Id, action, await Store.IssueNonce("action:" + action.Id, None));
        (StoredAction Action, ActionEvidence Evidence, Decision Decision, DateTimeOffset Now)? asked = null;

        await Store.Decide(second, (seen, evidence, decision, now) =>
        {
            asked = (seen, evidence, decision, now);
            return new Judged(null, ActionStatus.Approved);
        }, None);

        asked!.Value.Action.Should().Be(action);
        asked.Value.Evidence.Decisions.Should().Equal(first);
        asked.Value.Evidence.PreviewFingerprints.Should().ContainKey(action.PreviewDigest);
        asked.Value.Decision.Should().Be(second);
        asked.Value.Now.Should().Be(Clock.Now);
        (await Store.Evidence(action.Id, None)).Decisions.Should().Equal(first, second);
    }

    [Fact]
    public async Task Decide_ActionThatHasEnded_IsLeftToTheJudge()
    {
        var action = await Proposed();
        await Store.Move(StoredActions.Move(action, ActionStatus.Pending, ActionStatus.Withdrawn), None);
        var decision = Alice.Decide(Store.Id, action, await Store.IssueNonce("action:" + action.Id, None));

        var judged = await Store.Decide(
            decision,
            (seen, _, _, _) => new Judged(seen.Status == ActionStatus.Withdrawn ? RefusalCatalog.ProposalClosed.Because("It ended.") : null, seen.Status),
            None);

        judged.Refusal!.Code.Should().Be(RefusalCatalog.ProposalClosed);
        (await Store.Evidence(action.Id, None)).Decisions.Should().BeEmpty();
    }

    [Fact]
    public async Task Decide_JudgeRefuses_AuditsAndUsesTheNonceUp()
    {
        var action = await Proposed();
        var decision = Alice.Decide(Store.Id, action, await Store.IssueNonce("action:" + action.Id, None));

        await Store.Decide(decision, (_, _, _, _) => new Judged(RefusalCatalog.NotAnApprover.Because("No."), ActionStatus.Pending), None);

        var entry = await LastEntry();
        (entry.Kind, entry.BodyJson["code"]!.GetValue<string>(), entry.BodyJson["key"]!.GetValue<string>()).Should().Be(("decision.refused", "ST1408", Alice.Key));
        (await Store.Evidence(action.Id, None)).Decisions.Should().BeEmpty();
        (await Store.Decide(decision, MustNotBeAsked, None)).Refusal!.Code.Should().Be(RefusalCatalog.NonceInvalid);
    }

    [Fact]
    public async Task Decide_JudgeNamesAStepThatALifeDoesNotHave_ChangesNothing()
    {
        var action = await Proposed();
        var decision = Alice.Decide(Store.Id, action, await Store.IssueNonce("action:" + action.Id, None));
        var before = await LastEntry();
        var decide = () => Store.Decide(decision, Says(ActionStatus.Succeeded), None);

        await decide.Should().ThrowAsync<ArgumentException>();

        (await LastEntry()).Hash.Should().Be(before.Hash);
        (await Store.Get(action.Id, None)).Should().Be(action);
        (await Store.Evidence(action.Id, None)).Decisions.Should().BeEmpty();
    }

    [Fact]
    public async Task Decide_SameDecisionTwice_CountsOnce()
    {
        var action = await Proposed();
        var decision = await Decided(action, ActionStatus.Pending);

        (await Store.Decide(decision, MustNotBeAsked, None)).Refusal!.Code.Should().Be(RefusalCatalog.NonceInvalid);

        (await Store.Evidence(action.Id, None)).Decisions.Should().ContainSingle();
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("other subject")]
    [InlineData("other head")]
    [InlineData("too old")]
    public async Task Decide_NonceNotGoodForThis_RefusesAndAudits(string fault)
    {
        var action = await Proposed();
        var nonce = await Store.IssueNonce(fault == "other subject" ? "action:act-other" : "action:" + action.Id, None);
        nonce = fault switch
        {
            "unknown" => nonce with { Text = Identifier.NewNonce() },
            "other head" => nonce with { AuditHead = AuditChain.Origin },
            _ => nonce,
        };
        Clock.Advance(fault == "too old" ? PolicyRules.NonceLife : TimeSpan.Zero);

        var judged = await Store.Decide(Alice.Decide(Store.Id, action, nonce), MustNotBeAsked, None);

        judged.Refusal!.Code.Should().Be(RefusalCatalog.NonceInvalid);
        (await LastEntry()).BodyJson["code"]!.GetValue<string>().Should().Be("ST1407");
        (await Store.Get(action.Id, None)).Should().Be(action);
    }

    [Fact]
    public async Task Decide_NonceNearlyTwoMinutesOld_IsGood()
    {
        var action = await Proposed();
        var decision = Alice.Decide(Store.Id, action, await Store.IssueNonce("action:" + action.Id, None));
        Clock.Advance(PolicyRules.NonceLife - TimeSpan.FromMilliseconds(1));

        (await Store.Decide(decision, Says(ActionStatus.Approved), None)).Refusal.Should().BeNull();
    }

    [Fact]
    public async Task Decide_UnknownAction_RefusesAndAudits()
    {
        var action = StoredActions.Pending(Clock.Now);
        var decision = Alice.Decide(Store.Id, action, await Store.IssueNonce("action:" + action.Id, None));

        (await Store.Decide(decision, MustNotBeAsked, None)).Refusal!.Code.Should().Be(RefusalCatalog.NoSuchProposal);

        (await LastEntry()).Kind.Should().Be("decision.refused");
    }

    [Fact]
    public async Task Accept_Enough_IsTheNextEpochWithItsSignatures()
    {
        var first = await Accepted("first");
        var second = await Accepted("second", first);

        var chain = await Store.Policies(None);

        chain.Select(policy => policy.Epoch).Should().Equal(1, 2);
        chain[0].Signatures.Should().ContainSingle(signature => signature.Key == Alice.Key);
        second.Digest.Should().Be(chain[1].Digest);
        PolicyVerifier.Verify(Store.Id, chain).Should().BeNull();
        (await Store.Standing(None)).Epoch.Should().Be(2);
        (await LastEntry()).Kind.Should().Be("policy.accepted");
    }

    [Fact]
    public async Task Accept_NotEnough_WaitsAndIsShownToTheJudgeNextTime()
    {
        var before = await Accepted();
        var document = TestApprover.PolicyDocument("two must sign", 2, Alice, Bob);
        var first = Alice.Accept(Store.Id, document, before, await Store.IssueNonce("policy:" + Digest.Of(document), None));
        (await Store.Accept(document, first, (_, _) => (null, false), None)).Should().BeNull();
        (await LastEntry()).Kind.Should().Be("policy.signed");
        (await Store.WaitingSignatures(None)).Should().Equal(first);
        var second = Bob.Accept(Store.Id, document, before, await Store.IssueNonce("policy:" + Digest.Of(document), None));
        (int Chain, IReadOnlyList<PolicySignature> Signatures) asked = (0, []);

        await Store.Accept(document, second, (chain, signatures) =>
        {
            asked = (chain.Count, signatures);
            return (null, true);
        }, None);

        asked.Chain.Should().Be(1);
        asked.Signatures.Should().Equal(first, second);
        (await Store.Policies(None))[^1].Signatures.Should().Equal(first, second);
        (await Store.WaitingSignatures(None)).Should().BeEmpty();
    }

    [Fact]
    public async Task Accept_SamePersonSignsAgain_ReplacesTheEarlierSignature()
    {
        var before = await Accepted();
        var document = TestApprover.PolicyDocument("two must sign", 2, Alice, Bob);
        PolicySignature newest = null!;
        for (var time = 0; time < 2; time++)
        {
            newest = Alice.Accept(Store.Id, document, before, await Store.IssueNonce("policy:" + Digest.Of(document), None));
            await Store.Accept(document, newest, (_, _) => (null, false), None);
        }

        (await Store.WaitingSignatures(None)).Should().Equal(newest);
    }

    [Fact]
    public async Task Accept_JudgeRefuses_AuditsAndStoresNothing()
    {
        var document = TestApprover.PolicyDocument("first", 1, Alice);
        var signature = Alice.Accept(Store.Id, document, null, await Store.IssueNonce("policy:" + Digest.Of(document), None));

        var refusal = await Store.Accept(document, signature, (_, _) => (RefusalCatalog.SignatureInvalid.Because("No."), false), None);

        refusal!.Code.Should().Be(RefusalCatalog.SignatureInvalid);
        (await LastEntry()).Kind.Should().Be("policy.refused");
        (await Store.Policies(None)).Should().BeEmpty();
        (await Store.Accept(document, signature, (_, _) => (null, true), None))!.Code.Should().Be(RefusalCatalog.NonceInvalid);
    }

    [Fact]
    public async Task Accept_SignedForAnEarlierEpoch_Refuses()
    {
        var document = TestApprover.PolicyDocument("first", 1, Alice);
        var late = Alice.Accept(Store.Id, document, null, await Store.IssueNonce("policy:" + Digest.Of(document), None));
        await Accepted("somebody else's first");

        (await Store.Accept(document, late, (_, _) => (null, true), None))!.Code.Should().Be(RefusalCatalog.PolicyChanged);

        (await Store.Policies(None)).Should().ContainSingle();
    }

    [Fact]
    public async Task Accept_SignatureUnderAnotherDocument_Refuses()
    {
        var (shown, other) = (TestApprover.PolicyDocument("shown", 1, Alice), TestApprover.PolicyDocument("other", 1, Alice));
        var signature = Alice.Accept(Store.Id, shown, null, await Store.IssueNonce("policy:" + Digest.Of(other), None));

        (await Store.Accept(other, signature, (_, _) => (null, true), None))!.Code.Should().Be(RefusalCatalog.SignatureInvalid);

        (await Store.Policies(None)).Should().BeEmpty();
    }

    [Fact]
    public async Task Freeze_AndUnfreeze_AreTheStandingsEntriesInOrder()
    {
        await Store.Freeze("nightly", None);
        await Store.Freeze(Freezes.All, None);
        var order = Alice.Unfreeze(Store.Id, Freezes.All, await Store.IssueNonce("unfreeze:*", None));
        (await Store.Unfreeze(order, _ => null, None)).Should().BeNull();

        var entries = (await Store.Standing(None)).Ledger;

        entries.Select(entry => (entry.Kind, entry.BodyJson["principal"]!.GetValue<string>()))
            .Should().Equal(("principal.frozen", "nightly"), ("principal.frozen", "*"), ("principal.unfrozen", "*"));
        entries[^1].BodyJson["signature"]!.GetValue<string>().Should().Be(order.Signature);
    }

    [Fact]
    public async Task Unfreeze_JudgeRefuses_StaysFrozenAndTheNonceIsUsed()
    {
        await Store.Freeze("nightly", None);
        var order = Alice.Unfreeze(Store.Id, "nightly", await Store.IssueNonce("unfreeze:nightly", None));

        (await Store.Unfreeze(order, _ => RefusalCatalog.NotAnApprover.Because("No."), None))!.Code.Should().Be(RefusalCatalog.NotAnApprover);
        (await Store.Unfreeze(order, _ => null, None))!.Code.Should().Be(RefusalCatalog.NonceInvalid);

        (await LastEntry()).Kind.Should().Be("unfreeze.refused");
        (await Store.Standing(None)).Ledger.Should().ContainSingle();
    }

    [Fact]
    public async Task Unfreeze_NonceForAnotherPrincipal_Refuses()
    {
        var order = Alice.Unfreeze(Store.Id, Freezes.All, await Store.IssueNonce("unfreeze:nightly", None));

        (await Store.Unfreeze(order, _ => null, None))!.Code.Should().Be(RefusalCatalog.NonceInvalid);
    }
}
