using SafeTools.Tests.Support;

namespace SafeTools.Tests.Gates;

/// <summary>The whole gate again at the moment of execution: each thing that may have changed since refuses with its own code.</summary>
public sealed class GateRecheckTests : IDisposable
{
    private readonly Signer _alice = new("alice");
    private readonly Signer _bob = new("bob");
    private readonly Signer _olga = new("olga");
    private readonly Action _action;
    private readonly Standing _standing;
    private readonly Preview _seen;
    private readonly StoredAction _stored;

    public GateRecheckTests()
    {
        _action = Sample.Action(Sample.Tool(SampleProvider.Drop), Sample.Principal("tool@production"));
        _seen = Sample.Seen("production") with { RecoveryPoints = [Sample.Point(TimeSpan.FromHours(1))] };
        _standing = Sample.Standing(Sample.Policy(_action.Tool, _action.Principal, [_alice.Approver, _bob.Approver, _olga.Approver]));
        _stored = Sample.Proposed(_action, _seen, _standing);
    }

    [Fact]
    public void Recheck_NothingChangedAndOneApproval_Runs() => Recheck(by: [Yes(_alice)]).Should().BeNull();

    [Fact]
    public void Recheck_SizesAndRecoveryPointsChanged_Runs() =>
        Recheck(_seen with { Facts = [new Fact("size", new FactValue.Bytes(99), FactSource.Provider)], RecoveryPoints = [Sample.Point(TimeSpan.FromHours(2))] }, by: [Yes(_alice)]).Should().BeNull();

    [Fact]
    public void Recheck_FingerprintChanged_IsStale() =>
        Recheck(_seen with { Fingerprint = new Dictionary<string, string> { ["id"] = "id-1", ["created"] = "2026-05-05" } }, by: [Yes(_alice)]).Should().Be("ST1303");

    [Fact]
    public void Recheck_AnotherItemUnderTheSameFingerprint_IsStale() =>
        Recheck(_seen with { Item = new Item("thing", "id-2", "n1") }, by: [Yes(_alice)]).Should().Be("ST1303");

    [Fact]
    public void Recheck_EnvironmentChanged_IsStale()
    {
        var action = Sample.Action(Sample.Tool(SampleProvider.Drop, "staging"), Sample.Principal("tool@production", "tool@staging"));
        var standing = Sample.Standing(Sample.Policy(action.Tool, action.Principal, [_alice.Approver]));
        var stored = Sample.Proposed(action, Sample.Seen("staging"), standing);
        Gate.Recheck(action, _seen, stored, [Yes(_alice)], standing)!.Code.Id.Should().Be("ST1303");
    }

    [Fact]
    public void Recheck_DocumentOfOtherArguments_IsStale() =>
        Code(Gate.Recheck(_action, _seen, _stored with { Document = _stored.Document.Replace("\"n1\"", "\"n2\"", StringComparison.Ordinal) }, [Yes(_alice)], _standing)).Should().Be("ST1303");

    [Fact]
    public void Recheck_FrozenSince_Refuses() =>
        Recheck(standing: _standing with { Freezes = new Freezes(false, new HashSet<string> { "agent" }) }, by: [Yes(_alice)]).Should().Be("ST1203");

    [Fact]
    public void Recheck_EverybodyFrozenSince_Refuses() =>
        Recheck(standing: _standing with { Freezes = new Freezes(true, new HashSet<string>()) }, by: [Yes(_alice)]).Should().Be("ST1203");

    [Fact]
    public void Recheck_PolicyGone_Refuses() => Recheck(standing: _standing with { Epoch = 0 }, by: [Yes(_alice)]).Should().Be("ST1204");

    [Fact]
    public void Recheck_GrantRemovedSince_Refuses() =>
        Code(Gate.Recheck(_action with { Principal = Sample.Principal("*@*") }, _seen, _stored, [Yes(_alice)], _standing)).Should().Be("ST1202");

    [Fact]
    public void Recheck_RecoveryPointGoneSince_PlainApprovalDoesNotCount() => Recheck(_seen with { RecoveryPoints = [] }, by: [Yes(_alice)]).Should().Be("ST1413");

    [Fact]
    public void Recheck_RecoveryPointGoneSince_ApprovalWithoutRecoveryCounts() =>
        Recheck(_seen with { RecoveryPoints = [] }, by: [new(_alice.Approver, Verdict.ApproveWithoutRecovery)]).Should().BeNull();

    [Fact]
    public void Recheck_RecoveryPointTooOldByNow_PlainApprovalDoesNotCount() =>
        Recheck(standing: _standing with { Now = Sample.Now.AddHours(23.5) }, by: [Yes(_alice)]).Should().Be("ST1413");

    [Fact]
    public void Recheck_Expired_Refuses() =>
        Recheck(_seen with { RecoveryPoints = [Sample.Point(TimeSpan.FromHours(-24))] }, _standing with { Now = _stored.Expires.AddSeconds(1) }, Yes(_alice)).Should().Be("ST1404");

    [Fact]
    public void Recheck_NoDecisions_Refuses() => Recheck().Should().Be("ST1413");

    [Fact]
    public void Recheck_OwnerAlone_Refuses() => Recheck(by: [Yes(_olga)]).Should().Be("ST1412");

    [Fact]
    public void Recheck_OwnerAndAnother_Runs() => Recheck(by: [Yes(_olga), Yes(_bob)]).Should().BeNull();

    [Fact]
    public void Recheck_SomebodyRejected_Refuses() => Recheck(by: [Yes(_alice), new(_bob.Approver, Verdict.Reject)]).Should().Be("ST1402");

    [Fact]
    public void Recheck_TwoPersonsAskedForSince_OneIsNotEnough()
    {
        var rules = new PolicyRules { Approvals = new Dictionary<EnvironmentLabel, int> { [EnvironmentLabel.Production] = 2 } };
        var standing = _standing with { Policy = _standing.Policy with { Rules = rules } };
        Recheck(standing: standing, by: [Yes(_alice), Yes(_alice)]).Should().Be("ST1413");
        Recheck(standing: standing, by: [Yes(_alice), Yes(_bob)]).Should().BeNull();
    }

    [Fact]
    public void Recheck_BegunWithoutDecisionsAndRaisedSince_Refuses()
    {
        var action = Sample.Action(Sample.Tool(SampleProvider.Label, "staging"), Sample.Principal("tool@staging"));
        var standing = Sample.Standing(Sample.Policy(action.Tool, action.Principal, [_alice.Approver]));
        var seen = Sample.Seen("staging");
        var begun = Records.Begun(action, seen, (Ruling.Run)Gate.Rule(action, seen, standing), standing, "server-1");
        Gate.Recheck(action, seen, begun, [], standing).Should().BeNull();
        Code(Gate.Recheck(action, seen with { Raised = (Effect.Irreversible, "has dependants now") }, begun, [], standing)).Should().Be("ST1305");
    }

    [Fact]
    public void Recheck_ColumnsEditedAwayFromTheDocument_Refuses()
    {
        Code(Gate.Recheck(_action, _seen, _stored with { Id = "act-000000000002" }, [Yes(_alice)], _standing)).Should().Be("ST1803", "a copied row is not what was approved");
        Code(Gate.Recheck(_action, _seen, _stored with { Environment = EnvironmentLabel.Local }, [Yes(_alice)], _standing)).Should().Be("ST1803");
        Code(Gate.Recheck(_action, _seen, _stored with { Tool = "other" }, [Yes(_alice)], _standing)).Should().Be("ST1803");
        Code(Gate.Recheck(_action, _seen, _stored with { Principal = "other" }, [Yes(_alice)], _standing)).Should().Be("ST1803");
    }

    public void Dispose()
    {
        _alice.Dispose();
        _bob.Dispose();
        _olga.Dispose();
    }

    private static VerifiedDecision Yes(Signer person) => new(person.Approver, Verdict.Approve);

    private static string? Code(Refusal? refusal) => refusal?.Code.Id;

    private string? Recheck(Preview? now = null, Standing? standing = null, params VerifiedDecision[] by) => Code(Gate.Recheck(_action, now ?? _seen, _stored, by, standing ?? _standing));
}
