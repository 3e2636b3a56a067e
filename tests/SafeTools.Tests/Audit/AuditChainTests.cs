using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.Audit;

public sealed class AuditChainTests : IDisposable
{
    private readonly TestApprover _alice = new("alice");

    public void Dispose() => _alice.Dispose();

    [Fact]
    public void Next_Links_HaveNoFault() => Prop.ForAll(Tampering.Any, made => made.Chain(_alice).Verify().Fault is null).QuickCheckThrowOnFailure();

    [Fact]
    public void Fault_AnySingleChange_IsFound() => Prop.ForAll(Tampering.Any, made =>
    {
        var chain = made.Chain(_alice);
        return chain.Verify(made.Of(chain.Entries, within: chain.Entries.Count - 1)).Fault is not null;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Next_Entry_StatesTimeToTheMillisecondAndPointsBack()
    {
        var first = AuditChain.Next((0, AuditChain.Origin), AuditDrafts.Frozen("nightly"), new DateTimeOffset(2026, 4, 24, 12, 0, 0, TimeSpan.Zero).AddTicks(123456));
        var second = AuditChain.Next((first.Sequence, first.Hash), AuditDrafts.Frozen("nightly"), first.Time);

        (first.Sequence, first.Previous, first.Time.Ticks % TimeSpan.TicksPerMillisecond).Should().Be((1, AuditChain.Origin, 0));
        (second.Sequence, second.Previous).Should().Be((2, first.Hash));
        second.Hash.Should().HaveLength(64).And.NotBe(first.Hash);
    }

    [Fact]
    public void Next_SamePayloadTwice_CommitsDifferently()
    {
        var draft = new AuditDraft(AuditKind.ReadAnswered, new JsonObject()) { Payload = new JsonObject { ["customer"] = "n1" } };

        var first = AuditChain.Next((0, AuditChain.Origin), draft, DateTimeOffset.UnixEpoch);
        var second = AuditChain.Next((0, AuditChain.Origin), draft, DateTimeOffset.UnixEpoch);

        second.Commitment.Should().NotBe(first.Commitment, "a commitment must not tell what it commits to");
    }

    [Fact]
    public void Fault_PayloadErased_IsNone()
    {
        var chain = new SignedChain(_alice);
        chain.Read();

        chain.Verify([.. chain.Entries.Select(entry => entry with { Payload = null })]).Fault.Should().BeNull();
    }

    [Fact]
    public void Fault_PayloadEdited_IsFound()
    {
        var chain = new SignedChain(_alice);
        chain.Read();

        var edited = chain.Entries.Select(entry => entry.Payload is { } payload ? entry with { Payload = (payload.Salt, "{}") } : entry);

        chain.Verify([.. edited]).Fault!.Words.Should().Contain("payload");
    }

    [Fact]
    public void Fault_TimeBeforeTheEntryBefore_IsFound()
    {
        var chain = new SignedChain(_alice);
        var edited = SignedChain.Relink(chain.Entries.Select((entry, index) => index == 1 ? entry with { Time = entry.Time.AddHours(-1) } : entry));

        chain.Verify(edited).Fault!.Words.Should().Contain("dated before");
    }
}
