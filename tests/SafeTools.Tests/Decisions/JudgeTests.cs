using SafeTools.Tests.Support;

namespace SafeTools.Tests.Decisions;

public sealed class JudgeTests : IDisposable
{
    private readonly Signer _alice = new("alice");
    private readonly Signer _aliceAgain = new("alice");
    private readonly Signer _bob = new("bob");
    private readonly Signer _olga = new("olga");
    private readonly Standing _standing;
    private readonly StoredAction _stored;
    private readonly List<Decision> _earlier = [];

    public JudgeTests()
    {
        var action = Sample.Action(Sample.Tool(SampleProvider.Drop), Sample.Principal("tool@production"));
        var rules = new PolicyRules { Approvals = new Dictionary<EnvironmentLabel, int> { [EnvironmentLabel.Production] = 2 } };
        _standing = Sample.Standing(Sample.Policy(action.Tool, action.Principal, [_alice.Approver, _aliceAgain.Approver, _bob.Approver, _olga.Approver], rules));
        _stored = Sample.Proposed(action, Sample.Seen("production") with { RecoveryPoints = [Sample.Point(TimeSpan.FromHours(1))] }, _standing);
    }

    private StoredAction Single => _stored with { Required = 1 };

    [Fact]
    public void Rule_FirstOfTwo_StaysPending() => Rule(_alice.Decide(_stored)).Should().Be(new Judged(null, ActionStatus.Pending));

    [Fact]
    public void Rule_SecondPerson_IsApproved()
    {
        _earlier.Add(_alice.Decide(_stored));
        Rule(_bob.Decide(_stored)).Should().Be(new Judged(null, ActionStatus.Approved));
    }

    [Fact]
    public void Rule_SamePersonWithAnotherKey_HasDecidedAlready()
    {
        _earlier.Add(_alice.Decide(_stored));
        Refused(_aliceAgain.Decide(_stored)).Should().Be("ST1409");
    }

    [Fact]
    public void Rule_SameStoredDecisionTwice_CountsOnce()
    {
        var decision = _alice.Decide(_stored);
        _earlier.AddRange([decision, decision]);
        Judge.Verified(_stored, Evidence(_stored), Sample.Store, _standing).Should().ContainSingle();
    }

    [Fact]
    public void Rule_StoredForgery_CountsForNothing()
    {
        using var mallory = new Signer("alice");
        _earlier.Add(mallory.Decide(_stored));
        _earlier.Add(mallory.Decide(_stored) with { Key = _alice.Key.Text });
        _earlier.Add(_alice.Decide(_stored, epoch: 2));
        Rule(_bob.Decide(_stored)).Status.Should().Be(ActionStatus.Pending);
    }

    [Theory]
    [InlineData(ActionStatus.Approved)]
    [InlineData(ActionStatus.Executing)]
    [InlineData(ActionStatus.Succeeded)]
    [InlineData(ActionStatus.Failed)]
    [InlineData(ActionStatus.Unknown)]
    [InlineData(ActionStatus.Rejected)]
    [InlineData(ActionStatus.Expired)]
    [InlineData(ActionStatus.Withdrawn)]
    [InlineData(ActionStatus.Stale)]
    internal void Rule_NotPending_IsClosed(ActionStatus status)
    {
        var judged = Rule(_alice.Decide(_stored), _stored with { Status = status });
        judged.Refusal!.Code.Id.Should().Be("ST1405");
        judged.Status.Should().Be(status);
    }

    [Fact]
    public void Rule_AfterItsTime_IsExpired() => Refused(_alice.Decide(_stored), _stored with { Expires = Sample.Now.AddTicks(-1) }).Should().Be("ST1404");

    [Fact]
    public void Rule_DecisionThatDoesNotVerify_SaysWhy() => Refused(_alice.Decide(_stored) with { Signature = "" }).Should().Be("ST1406");

    [Fact]
    public void Rule_PlainApprovalWhileBlocked_Refuses() => Refused(_alice.Decide(Single), Single with { Blocked = "No recovery point." }).Should().Be("ST1302");

    [Fact]
    public void Rule_ApprovalWithoutRecoveryWhileBlocked_Counts() =>
        Rule(_alice.Decide(Single, Verdict.ApproveWithoutRecovery), Single with { Blocked = "No recovery point." }).Status.Should().Be(ActionStatus.Approved);

    [Fact]
    public void Rule_BlockedSinceTheirPlainApproval_MayApproveWithoutRecovery()
    {
        _earlier.Add(_alice.Decide(_stored));
        Rule(_alice.Decide(_stored, Verdict.ApproveWithoutRecovery), _stored with { Blocked = "No recovery point." }).Should().Be(new Judged(null, ActionStatus.Pending));
    }

    [Fact]
    public void Rule_OwnerAlone_StaysPending() => Rule(_olga.Decide(Single), Single).Status.Should().Be(ActionStatus.Pending);

    [Fact]
    public void Rule_RejectAfterApproving_IsFinal()
    {
        _earlier.Add(_alice.Decide(_stored));
        var judged = Rule(_alice.Decide(_stored, Verdict.Reject) with { Reason = "Wrong\u202E one" });
        judged.Status.Should().Be(ActionStatus.Rejected);
        ActionResult.Refusal(_stored with { Result = judged.Result })!.Message.Should().Be("alice rejected it. The reason given: Wrong\\u{202e} one");
    }

    [Fact]
    public void Rule_StoredRejection_EndsItWhateverComesAfter()
    {
        _earlier.Add(_alice.Decide(_stored, Verdict.Reject));
        Rule(_bob.Decide(_stored)).Status.Should().Be(ActionStatus.Rejected);
    }

    public void Dispose()
    {
        _alice.Dispose();
        _aliceAgain.Dispose();
        _bob.Dispose();
        _olga.Dispose();
    }

    private ActionEvidence Evidence(StoredAction action) => new(_earlier, new Dictionary<string, string> { [action.PreviewDigest] = action.Fingerprint });

    private Judged Rule(Decision decision, StoredAction? action = null) => Judge.Rule(action ?? _stored, Evidence(action ?? _stored), decision, Sample.Store, _standing);

    private string? Refused(Decision decision, StoredAction? action = null) => Rule(decision, action).Refusal?.Code.Id;
}
