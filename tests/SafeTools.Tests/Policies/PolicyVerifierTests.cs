using SafeTools.Tests.Support;

namespace SafeTools.Tests.Policies;

public sealed class PolicyVerifierTests : IDisposable
{
    private readonly Signer _alice = new("alice");
    private readonly Signer _aliceAgain = new("alice");
    private readonly Signer _bob = new("bob");
    private readonly Signer _mallory = new("mallory");

    [Fact]
    public void Verify_NoPolicyYet_IsWhole() => Fault([]).Should().BeNull();

    [Fact]
    public void Verify_GenesisSignedByItsOwnApprover_Holds() => Fault([Genesis()]).Should().BeNull();

    [Fact]
    public void Verify_GenesisSignedByAStranger_Refuses()
    {
        var document = Document(1, _alice);
        Fault([new AcceptedPolicy(1, document, [_mallory.Sign(document, 1, PolicyVerifier.Genesis)])]).Should().Be("ST1804");
    }

    [Fact]
    public void Verify_GenesisWithoutSignature_Refuses() => Fault([Genesis() with { Signatures = [] }]).Should().Be("ST1804");

    [Fact]
    public void Verify_GenesisSignedByAnApproverOfSomeToolsOnly_Refuses()
    {
        using var carol = new Signer("carol", "tool@production");
        var document = Document(1, carol);
        Fault([new AcceptedPolicy(1, document, [carol.Sign(document, 1, PolicyVerifier.Genesis)])]).Should().Be("ST1804");
    }

    [Fact]
    public void Verify_NextSignedByTheOneBefore_Holds() => Fault([Genesis(), Next(Genesis(), Document(1, _alice, _bob), _alice)]).Should().BeNull();

    [Fact]
    public void Verify_NextSignedByAnApproverThatItAdds_Refuses() =>
        Fault([Genesis(), Next(Genesis(), Document(1, _alice, _mallory), _mallory)]).Should().Be("ST1804");

    [Fact]
    public void Verify_NextSignedByAnApproverThatItRemoves_Holds() => Fault([Genesis(), Next(Genesis(), Document(1, _bob), _alice)]).Should().BeNull();

    [Fact]
    public void Verify_TwoSignersAskedForByThePolicyBefore_OneIsNotEnough()
    {
        var genesis = Genesis(signers: 2, _alice, _aliceAgain, _bob);
        var document = Document(1, _alice);
        Fault([genesis, Next(genesis, document, _alice)]).Should().Be("ST1804");
        Fault([genesis, Next(genesis, document, _alice, _aliceAgain)]).Should().Be("ST1804", "two keys of one person are one person");
        Fault([genesis, Next(genesis, document, _alice, _alice)]).Should().Be("ST1804");
        Fault([genesis, Next(genesis, document, _alice, _bob)]).Should().BeNull();
    }

    [Theory]
    [InlineData("\"version\":1", "\"version\":2")]
    [InlineData("\"version\":1", "\"version\":1,\"watchers\":[]")]
    [InlineData("\"approvers\":[", "\"version\":2,\"approvers\":{},\"x\":[")]
    public void Verify_DocumentOfANewerVersion_SaysSo(string text, string by)
    {
        var document = Document(1, _alice).Replace(text, by, StringComparison.Ordinal);
        document = by.Contains("{}", StringComparison.Ordinal) ? document.Replace(",\"version\":1", "", StringComparison.Ordinal) : document;
        Fault([new AcceptedPolicy(1, document, [_alice.Sign(document, 1, PolicyVerifier.Genesis)])]).Should().Be("ST1805");
    }

    [Fact]
    public void Verify_MissingEpoch_Refuses()
    {
        var second = Next(Genesis(), Document(1, _alice), _alice);
        Fault([second]).Should().Be("ST1804");
        Fault([Genesis(), second with { Epoch = 3 }]).Should().Be("ST1804");
    }

    [Fact]
    public void Verify_EditedDocument_Refuses()
    {
        var genesis = Genesis();
        Fault([genesis with { Document = genesis.Document.Replace("/base", "/other", StringComparison.Ordinal) }]).Should().Be("ST1804");
    }

    [Fact]
    public void Verify_PolicyBeforeReplaced_Refuses()
    {
        var other = Document(1, _alice, _bob);
        Fault([new AcceptedPolicy(1, other, [_alice.Sign(other, 1, PolicyVerifier.Genesis)]), Next(Genesis(), Document(1, _alice), _alice)]).Should().Be("ST1804");
    }

    [Fact]
    public void Verify_SignatureForAnotherStore_Refuses()
    {
        var document = Document(1, _alice);
        Fault([new AcceptedPolicy(1, document, [_alice.Sign(document, 1, PolicyVerifier.Genesis, "store-another")])]).Should().Be("ST1804");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("nonsense")]
    [InlineData("{\"version\":1,\"approvers\":[],\"approvers\":[]}")]
    [InlineData("{\"version\":1,\"approvers\":[{\"name\":\"a\",\"name\":\"b\"}]}")]
    [InlineData("{\"version\":1,\"approvers\":{}}")]
    [InlineData("{\"version\":1,\"approvers\":[null]}")]
    [InlineData("{\"version\":1,\"approvers\":[{\"name\":1,\"key\":\"x\",\"approves\":[]}]}")]
    public void Verify_MalformedDocument_RefusesWithoutThrowing(string document)
    {
        Fault([new AcceptedPolicy(1, document, [])]).Should().Be("ST1804");
        Fault([new AcceptedPolicy(1, document, []), Next(Genesis(), Document(1, _alice), _alice)]).Should().Be("ST1804");
    }

    public void Dispose()
    {
        _alice.Dispose();
        _aliceAgain.Dispose();
        _bob.Dispose();
        _mallory.Dispose();
    }

    private static string? Fault(AcceptedPolicy[] chain) => PolicyVerifier.Verify(Sample.Store, chain)?.Code.Id;

    private static string Document(int signers, params Signer[] approvers)
    {
        var rules = new PolicyRules { Approvals = new Dictionary<EnvironmentLabel, int> { [EnvironmentLabel.Production] = signers } };
        return PolicyDocument.Of(Sample.Policy(Sample.Tool(SampleProvider.Look), Sample.Principal(), [.. approvers.Select(signer => signer.Approver)], rules));
    }

    private static AcceptedPolicy Next(AcceptedPolicy before, string document, params Signer[] by) =>
        new(before.Epoch + 1, document, [.. by.Select(signer => signer.Sign(document, before.Epoch + 1, before.Digest))]);

    private AcceptedPolicy Genesis() => Genesis(1, _alice);

    private AcceptedPolicy Genesis(int signers, params Signer[] approvers)
    {
        var document = Document(signers, approvers);
        return new AcceptedPolicy(1, document, [_alice.Sign(document, 1, PolicyVerifier.Genesis)]);
    }
}
