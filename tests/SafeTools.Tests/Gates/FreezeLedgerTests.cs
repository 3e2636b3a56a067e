using System.Text.Json.Nodes;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.Gates;

public sealed class FreezeLedgerTests : IDisposable
{
    private readonly Signer _alice = new("alice");
    private readonly Signer _carol = new("carol", "delete@production");
    private readonly List<AuditEntry> _entries = [];
    private readonly AcceptedPolicy[] _policies;

    public FreezeLedgerTests() => _policies = [new AcceptedPolicy(1, DocumentOf(_alice, _carol), [])];

    [Fact]
    public void Of_Frozen_HoldsThatPrincipalAlone()
    {
        Freeze("agent");
        Ledger().Holds("agent").Should().BeTrue();
        Ledger().Holds("other").Should().BeFalse();
    }

    [Fact]
    public void Of_EverybodyFrozen_HoldsAnyone()
    {
        Freeze(Freezes.All);
        Ledger().Holds("whoever").Should().BeTrue();
    }

    [Fact]
    public void Of_UnfreezeSignedByAnApproverOfEverything_Lifts()
    {
        Freeze("agent");
        Unfreeze(_alice.Unfreeze("agent"));
        Ledger().Holds("agent").Should().BeFalse();
    }

    [Fact]
    public void Of_UnfreezeBeforeTheFreeze_LiftsNothing()
    {
        Unfreeze(_alice.Unfreeze("agent"));
        Freeze("agent");
        Ledger().Holds("agent").Should().BeTrue();
    }

    [Fact]
    public void Of_UnfreezeReplayedAfterANewFreeze_LiftsNothing()
    {
        var order = _alice.Unfreeze("agent");
        Freeze("agent");
        Unfreeze(order);
        Freeze("agent");
        Unfreeze(order);
        Ledger().Holds("agent").Should().BeTrue();
    }

    [Fact]
    public void Of_UnfreezeOfOne_LeavesEverybodysFreeze()
    {
        Freeze(Freezes.All);
        Unfreeze(_alice.Unfreeze("agent"));
        Ledger().Holds("agent").Should().BeTrue();
    }

    [Fact]
    public void Of_UnsignedUnfreeze_LiftsNothing()
    {
        Freeze("agent");
        Entry(AuditKind.Unfrozen, new JsonObject { ["principal"] = "agent" });
        Unfreeze(_alice.Unfreeze("agent") with { Signature = "" });
        Ledger().Holds("agent").Should().BeTrue();
    }

    [Fact]
    public void Of_ForgedUnfreeze_LiftsNothing()
    {
        using var stranger = new Signer("mallory");
        Freeze("agent");
        Unfreeze(stranger.Unfreeze("agent"));
        Unfreeze(stranger.Unfreeze("agent") with { Key = _alice.Key.Text });
        Unfreeze(_alice.Unfreeze("other") with { Principal = "agent" });
        Unfreeze(_alice.Unfreeze("agent", store: "store-another"));
        Unfreeze(_alice.Unfreeze("agent", epoch: 2));
        Ledger().Holds("agent").Should().BeTrue();
    }

    [Fact]
    public void Of_UnfreezeByAnApproverOfSomeToolsOnly_LiftsNothing()
    {
        Freeze("agent");
        Unfreeze(_carol.Unfreeze("agent"));
        Ledger().Holds("agent").Should().BeTrue();
    }

    [Fact]
    public void Rule_ApproverOfAnOlderPolicy_MayNotLiftNow()
    {
        using var successor = new Signer("bob");
        AcceptedPolicy[] policies = [_policies[0], new AcceptedPolicy(2, DocumentOf(successor), [])];
        FreezeLedger.Rule(Sample.Store, _alice.Unfreeze("agent"), policies)!.Code.Id.Should().Be("ST1304");
        FreezeLedger.Rule(Sample.Store, successor.Unfreeze("agent", epoch: 2), policies).Should().BeNull();
    }

    public void Dispose()
    {
        _alice.Dispose();
        _carol.Dispose();
    }

    internal static string DocumentOf(params Signer[] approvers)
    {
        var tool = Sample.Tool(SampleProvider.Look);
        return PolicyDocument.Of(Sample.Policy(tool, Sample.Principal(), [.. approvers.Select(signer => signer.Approver)]));
    }

    private Freezes Ledger() => FreezeLedger.Of(Sample.Store, _entries, _policies);

    private void Freeze(string principal) => Entry(AuditKind.Frozen, new JsonObject { ["principal"] = principal });

    private void Unfreeze(UnfreezeOrder order) => Entry(AuditKind.Unfrozen, new JsonObject
    {
        ["principal"] = order.Principal,
        ["epoch"] = order.Epoch,
        ["key"] = order.Key,
        ["nonce"] = order.Nonce,
        ["audit_head"] = order.AuditHead,
        ["signature"] = order.Signature,
    });

    private void Entry(AuditKind kind, JsonObject body) =>
        _entries.Add(AuditChain.Next(_entries.Count == 0 ? (0, AuditChain.Origin) : (_entries[^1].Sequence, _entries[^1].Hash), new AuditDraft(kind, body), Sample.Now));
}
