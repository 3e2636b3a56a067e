using System.Text.Json.Nodes;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.Audit;

public class AuditLinkTests
{
    private readonly AuditEntry _first = AuditChain.Next((0, AuditChain.Origin), new AuditDraft(AuditKind.StoreCreated, new JsonObject { ["store"] = "s" }), Sample.Now);
    private readonly AuditEntry _second;

    public AuditLinkTests() => _second = AuditChain.Next(
        (_first.Sequence, _first.Hash),
        new AuditDraft(AuditKind.CallRefused, new JsonObject { ["code"] = "ST1101" }) { Principal = "agent", Tool = "tool", Payload = new JsonObject { ["message"] = "no" } },
        Sample.Now.AddTicks(7));

    [Fact]
    public void Fault_WholeChain_HasNone()
    {
        AuditChain.Fault((0, AuditChain.Origin, Sample.Now), _first).Should().BeNull();
        Fault(_second).Should().BeNull();
    }

    [Fact]
    public void Fault_ErasedPayload_IsNone() => Fault(_second with { Payload = null }).Should().BeNull();

    [Fact]
    public void Fault_AnyEdit_IsFound()
    {
        AuditEntry[] edited =
        [
            _second with { Sequence = 3 }, _second with { Time = Sample.Now.AddSeconds(1) }, _second with { Time = Sample.Now.AddSeconds(-1) }, _second with { Kind = "read.answered" },
            _second with { Principal = "other" }, _second with { ActionId = "act-1" }, _second with { Tool = null }, _second with { Body = "{}" }, _second with { Commitment = null },
            _second with { Previous = AuditChain.Origin }, _second with { Hash = AuditChain.Origin }, _second with { Payload = ("00", "{}") },
            _second with { Payload = (_second.Payload!.Value.Salt, "{\"message\":\"yes\"}") },
        ];
        edited.Where(entry => Fault(entry) is null).Should().BeEmpty();
    }

    [Fact]
    public void Next_SamePayloadTwice_HasAnotherCommitment() =>
        AuditChain.Next((0, AuditChain.Origin), new AuditDraft(AuditKind.CallRefused, []) { Payload = "x" }, Sample.Now).Commitment
            .Should().NotBe(AuditChain.Next((0, AuditChain.Origin), new AuditDraft(AuditKind.CallRefused, []) { Payload = "x" }, Sample.Now).Commitment);

    [Fact]
    public void Hash_OfAnEntry_NeverChanges() => (_first with { Time = Sample.Now }).Hash.Should().Be(Digest.Of(
        $$"""{"action":null,"body":{"store":"s"},"commitment":null,"kind":"store.created","previous":"{{AuditChain.Origin}}","principal":null,"sequence":1,"time":"2026-05-04T12:00:00.000Z","tool":null}"""));

    [Fact]
    public void Word_OfEveryKind_IsItsOwn() => Enum.GetValues<AuditKind>().Select(kind => kind.Word()).Should().OnlyHaveUniqueItems();

    private string? Fault(AuditEntry entry) => AuditChain.Fault((_first.Sequence, _first.Hash, _first.Time), entry);
}
