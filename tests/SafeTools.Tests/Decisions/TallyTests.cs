using SafeTools.Tests.Support;

namespace SafeTools.Tests.Decisions;

public sealed class TallyTests : IDisposable
{
    private readonly Signer _alice = new("alice");
    private readonly Signer _aliceAgain = new("alice");
    private readonly Signer _bob = new("bob");

    [Fact]
    public void Of_NobodyWhateverIsRequired_IsMissing()
    {
        foreach (var required in new[] { -1, 0, 1, 2 })
        {
            Tally.Of([], required, blocked: false, EnvironmentLabel.Local, null).Missing!.Code.Id.Should().Be("ST1413");
        }
    }

    [Fact]
    public void Of_OnePersonWithTwoKeys_IsOnePerson() =>
        Tally.Of([Yes(_alice), Yes(_aliceAgain)], 2, blocked: false, EnvironmentLabel.Production, null).Missing!.Code.Id.Should().Be("ST1413");

    [Fact]
    public void Of_TwoPersons_IsEnoughForTwo() => Tally.Of([Yes(_alice), Yes(_bob)], 2, blocked: false, EnvironmentLabel.Production, null).Missing.Should().BeNull();

    [Fact]
    public void Of_OneRejection_EndsIt()
    {
        var tally = Tally.Of([Yes(_alice), Yes(_bob), new(_aliceAgain.Approver, Verdict.Reject)], 2, blocked: false, EnvironmentLabel.Local, null);
        tally.Rejected.Should().BeTrue();
        tally.Missing!.Code.Id.Should().Be("ST1402");
    }

    [Fact]
    public void Of_Blocked_CountsOnlyApprovalsWithoutRecovery()
    {
        VerifiedDecision without = new(_bob.Approver, Verdict.ApproveWithoutRecovery);
        Tally.Of([Yes(_alice)], 1, blocked: true, EnvironmentLabel.Production, null).Missing!.Code.Id.Should().Be("ST1413");
        Tally.Of([Yes(_alice), without], 2, blocked: true, EnvironmentLabel.Production, null).Missing!.Code.Id.Should().Be("ST1413");
        Tally.Of([without], 1, blocked: true, EnvironmentLabel.Production, null).Missing.Should().BeNull();
    }

    [Theory]
    [InlineData(EnvironmentLabel.Production, "ST1412")]
    [InlineData(EnvironmentLabel.Staging, null)]
    [InlineData(EnvironmentLabel.Local, null)]
    public void Of_OwnerAlone_IsNotEnoughInProduction(EnvironmentLabel environment, string? code) =>
        Tally.Of([Yes(_alice)], 1, blocked: false, environment, "alice").Missing?.Code.Id.Should().Be(code);

    public void Dispose()
    {
        _alice.Dispose();
        _aliceAgain.Dispose();
        _bob.Dispose();
    }

    private static VerifiedDecision Yes(Signer person) => new(person.Approver, Verdict.Approve);
}
