using SafeTools.Tests.Support;

namespace SafeTools.Tests.Decisions;

public sealed class DecisionVerifierTests : IDisposable
{
    private readonly Signer _alice = new("alice");
    private readonly Signer _carol = new("carol", "tool@staging", "other@production");
    private readonly Signer _mallory = new("mallory");
    private readonly Action _action;
    private readonly Standing _standing;
    private readonly StoredAction _stored;
    private readonly Dictionary<string, string> _previews;

    public DecisionVerifierTests()
    {
        _action = Sample.Action(Sample.Tool(SampleProvider.Drop), Sample.Principal("tool@production"));
        _standing = Sample.Standing(Sample.Policy(_action.Tool, _action.Principal, [_alice.Approver, _carol.Approver]));
        _stored = Sample.Proposed(_action, Sample.Seen("production"), _standing);
        _previews = new Dictionary<string, string> { [_stored.PreviewDigest] = _stored.Fingerprint };
    }

    [Fact]
    public void Verify_ApproversOwnSignature_IsBelieved()
    {
        Verify(_alice.Decide(_stored), out var verified).Should().BeNull();
        verified.Should().Be(new VerifiedDecision(verified!.Approver, Verdict.Approve));
        verified.Approver.Name.Should().Be("alice");
    }

    [Fact]
    public void Verify_ForgedSignature_Refuses()
    {
        Verify(_mallory.Decide(_stored) with { Key = _alice.Key.Text }).Should().Be("ST1406");
        Verify(_alice.Decide(_stored) with { Signature = "" }).Should().Be("ST1406");
        Verify(_alice.Decide(_stored) with { Signature = "not base64!" }).Should().Be("ST1406");
        Verify(_alice.Decide(_stored) with { Signature = Convert.ToBase64String(new byte[64]) }).Should().Be("ST1406");
        Verify(_alice.Decide(_stored) with { Signature = Convert.ToBase64String(new byte[66]) }).Should().Be("ST1406");
        Verify(_alice.Decide(_stored) with { Signature = new string('A', 4000) }).Should().Be("ST1406");
    }

    [Theory]
    [InlineData("verdict")]
    [InlineData("nonce")]
    [InlineData("head")]
    [InlineData("preview")]
    [InlineData("epoch")]
    public void Verify_AnySignedLineEdited_Refuses(string line)
    {
        var decision = _alice.Decide(_stored, Verdict.Reject);
        var edited = line switch
        {
            "verdict" => decision with { Verdict = Verdict.Approve },
            "nonce" => decision with { Nonce = Identifier.NewNonce() },
            "head" => decision with { AuditHead = new string('1', 64) },
            "preview" => decision with { PreviewDigest = new string('2', 64) },
            _ => decision with { Epoch = 2 },
        };
        Verify(edited).Should().Be("ST1406");
    }

    [Fact]
    public void Verify_SignatureForAnotherAction_Refuses()
    {
        var twin = Sample.Proposed(_action with { Id = "act-000000000002" }, Sample.Seen("production"), _standing);
        Verify(_alice.Decide(twin)).Should().Be("ST1406");
        Verify(_alice.Decide(twin) with { ActionId = _stored.Id }).Should().Be("ST1406", "the digest holds the id");
    }

    [Fact]
    public void Verify_SignatureForAnotherStore_Refuses() => Verify(_alice.Decide(_stored, store: "store-another")).Should().Be("ST1406");

    [Fact]
    public void Verify_AnotherEpoch_Refuses()
    {
        Verify(_alice.Decide(_stored, epoch: 0)).Should().Be("ST1304");
        Verify(_alice.Decide(_stored, epoch: 2)).Should().Be("ST1304");
    }

    [Fact]
    public void Verify_PreviewWithAnotherFingerprint_Refuses()
    {
        var other = Sample.Proposed(_action, Sample.Seen("production") with { Fingerprint = new Dictionary<string, string> { ["id"] = "id-9" } }, _standing);
        _previews[other.PreviewDigest] = other.Fingerprint;
        Verify(_alice.Decide(_stored with { Preview = other.Preview })).Should().Be("ST1303");
    }

    [Fact]
    public void Verify_PreviewThatTheActionNeverHad_Refuses() => Verify(_alice.Decide(_stored with { Preview = "{}" })).Should().Be("ST1303");

    [Fact]
    public void Verify_OlderPreviewWithTheSameFingerprint_IsBelieved()
    {
        var older = Sample.Proposed(_action, Sample.Seen("production") with { Summary = "Other facts, same thing." }, _standing);
        older.PreviewDigest.Should().NotBe(_stored.PreviewDigest);
        _previews[older.PreviewDigest] = older.Fingerprint;
        Verify(_alice.Decide(_stored with { Preview = older.Preview })).Should().BeNull();
    }

    [Fact]
    public void Verify_KeyNotInThePolicy_Refuses() => Verify(_mallory.Decide(_stored)).Should().Be("ST1408");

    [Fact]
    public void Verify_PatternThatDoesNotCover_Refuses() => Verify(_carol.Decide(_stored)).Should().Be("ST1408");

    public void Dispose()
    {
        _alice.Dispose();
        _carol.Dispose();
        _mallory.Dispose();
    }

    private string? Verify(Decision decision) => Verify(decision, out _)?.Code.Id;

    private Refusal? Verify(Decision decision, out VerifiedDecision? verified)
    {
        var refusal = DecisionVerifier.Verify(decision, _stored, Sample.Store, _previews, _standing, out verified);
        (verified is null).Should().Be(refusal is not null);
        return refusal;
    }
}
