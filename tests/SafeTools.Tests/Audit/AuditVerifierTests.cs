using FsCheck;
using FsCheck.Fluent;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.Audit;

public sealed class AuditVerifierTests : IDisposable
{
    private readonly TestApprover _alice = new("alice");
    private readonly TestApprover _mallory = new("mallory");

    public void Dispose()
    {
        _alice.Dispose();
        _mallory.Dispose();
    }

    [Fact]
    public void Read_ForgerNumbersAndHashesEverythingAnew_IsFoundUpToTheLastAnchor() => Prop.ForAll(Tampering.Any, made =>
    {
        // Without a signature over it, a body that is no JSON cannot even be hashed anew.
        var tampering = made.How == 11 ? made with { How = 10 } : made;
        var chain = tampering.Chain(_alice);
        var forged = SignedChain.Relink(tampering.Of(chain.Entries, chain.Verify().Anchored));
        return forged.SequenceEqual(chain.Entries) || chain.Verify(forged).Fault is not null;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Read_WholeChain_SaysWhatLiesAfterTheLastAnchor()
    {
        var chain = new SignedChain(_alice);
        chain.Decide();
        chain.Read();
        chain.Read();

        var result = chain.Verify();

        // store.created, nonce, policy.accepted, action.proposed, nonce (the anchor), decision.accepted, two reads
        result.Should().Be(new AuditVerification(8, null, 5));
        result.AfterAnchor.Should().Be(3);
    }

    [Fact]
    public void Read_EditAfterTheLastAnchorHashedAnew_LiesAfterTheAnchor()
    {
        var chain = new SignedChain(_alice);
        chain.Decide();
        chain.Read();
        var forged = SignedChain.Relink([.. chain.Entries.SkipLast(1), chain.Entries[^1] with { Principal = "somebody" }]);

        var result = chain.Verify(forged);

        (result.Fault, result.AfterAnchor).Should().Be((null, 2), "the chain alone cannot tell, so it says how much it cannot tell");
    }

    [Fact]
    public void Read_AfterAFault_OnlyCounts()
    {
        var chain = new SignedChain(_alice);
        chain.Decide();
        chain.Decide();
        var edited = chain.Entries.Select(entry => entry.Sequence == 4 ? entry with { Tool = "other" } : entry).ToArray();

        var result = chain.Verify(edited);

        result.Should().Be(new AuditVerification(9, new AuditFault(4, "entry 4 was edited"), 2));
    }

    [Fact]
    public void Read_DecisionSignedByAnotherKey_IsFound()
    {
        var chain = new SignedChain(_alice);
        chain.Decide(decision => decision with { Key = _mallory.Key });

        chain.Verify().Fault!.Words.Should().Contain("not an approver's");
    }

    [Theory]
    [InlineData("verdict")]
    [InlineData("preview")]
    [InlineData("epoch")]
    [InlineData("signature")]
    public void Read_DecisionThatSaysSomethingElseThanWasSigned_IsFound(string what)
    {
        var chain = new SignedChain(_alice);
        chain.Accept();
        chain.Decide(decision => what switch
        {
            "verdict" => decision with { Verdict = Verdict.ApproveWithoutRecovery },
            "preview" => decision with { PreviewDigest = AuditChain.Origin },
            "epoch" => decision with { Epoch = 1 },
            _ => decision with { Signature = "no signature" },
        });

        chain.Verify().Fault!.Words.Should().Contain("signature");
    }

    [Fact]
    public void Read_EpochThatIsNotKnown_IsFound()
    {
        var chain = new SignedChain(_alice);
        chain.Decide(decision => decision with { Epoch = 7 });

        chain.Verify().Fault!.Words.Should().Contain("not known");
    }

    [Fact]
    public void Read_HeadThatIsNotInTheChain_IsFound()
    {
        var chain = new SignedChain(_alice);
        chain.Decide(decision => decision with { AuditHead = AuditChain.Origin });

        chain.Verify().Fault!.Words.Should().Contain("not in the chain");
    }

    [Fact]
    public void Read_SameDecisionTwice_IsFound()
    {
        var chain = new SignedChain(_alice);
        var (action, decision) = chain.Decide();
        chain.Append(AuditDrafts.Accepted(decision, action, ActionStatus.Approved));

        chain.Verify().Fault!.Words.Should().Contain("used before");
    }

    [Fact]
    public void Read_DecisionOnAnActionThatWasNotProposed_IsFound()
    {
        var chain = new SignedChain(_alice);
        var (action, decision) = chain.Decide();
        chain.Append(AuditDrafts.Accepted(decision with { ActionId = "act-other" }, action with { Id = "act-other" }, ActionStatus.Approved));

        chain.Verify().Fault!.Words.Should().Contain("not proposed");
    }

    [Fact]
    public void Read_PolicyThatIsNotTheNext_IsFound()
    {
        var chain = new SignedChain(_alice);
        var document = TestApprover.PolicyDocument("a second first", 1, _alice);
        chain.Append(AuditDrafts.Accepted(_alice.Accept(SignedChain.StoreId, document, null, chain.Issue("policy:" + Digest.Of(document))), enough: true));

        chain.Verify().Fault!.Words.Should().Contain("not the next one");
    }

    [Fact]
    public void Read_PolicySignedByAnOutsider_IsFound()
    {
        var chain = new SignedChain(_alice);
        var document = TestApprover.PolicyDocument("mallory's", 1, _mallory);
        var first = new AcceptedPolicy(1, TestApprover.PolicyDocument("x", 1, _alice), []);
        chain.Append(AuditDrafts.Accepted(_mallory.Accept(SignedChain.StoreId, document, first, chain.Issue("policy:" + Digest.Of(document))), enough: true));

        chain.Verify().Fault!.Words.Should().Contain("not an approver's");
    }

    [Fact]
    public void Read_UnfreezeByAnOutsider_IsFound()
    {
        var chain = new SignedChain(_alice);
        chain.Append(AuditDrafts.Unfrozen(_mallory.Unfreeze(SignedChain.StoreId, "nightly", chain.Issue("unfreeze:nightly"))));

        chain.Verify().Fault!.Words.Should().Contain("not an approver's");
    }

    [Fact]
    public void Read_ApproverOfSingleTools_LiftsNoFreeze()
    {
        var chain = new SignedChain(_alice);
        chain.Unfreeze();
        var verifier = new AuditVerifier(SignedChain.StoreId, epoch => chain.Entries.Count == 0 || epoch != 1 ? null : [_alice.Approver with { Approves = ["delete_volume@staging"] }]);
        foreach (var entry in chain.Entries)
        {
            verifier.Read(entry);
        }

        verifier.Result.Fault!.Words.Should().Contain("not an approver's");
    }

    [Fact]
    public void Read_ChainOfAnotherStore_IsFound()
    {
        var chain = new SignedChain(_alice);
        var verifier = new AuditVerifier("store-other", chain.Approvers);

        verifier.Read(chain.Entries[0]);

        verifier.Result.Fault!.Sequence.Should().Be(1);
    }
}
