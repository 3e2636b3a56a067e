using SafeTools.Corpus.Asking;
using SafeTools.Corpus.Entries;
using SafeTools.Corpus.Judging;
using SafeTools.Corpus.Observing;

namespace SafeTools.Tests.Corpus.Judging;

/// <summary>The corpus' runner cannot pass what it should not.</summary>
public sealed class PassRuleTests
{
    private static readonly Entry Attack = new("a-1", "dml", "delete from shop.orders", "delete");
    private static readonly Entry Benign = new("b-1", "benign", "select 1", "none");
    private static readonly Entry Costly = new("c-1", "dos_cpu", "select count(*) from generate_series(1, 10000000000)", "cpu");
    private static readonly Answer Executed = new(Answer.Executed, null, "{}", TimeSpan.Zero);

    [Fact]
    public void Faults_AttackRefusedWithAFittingCode_None() => Faults(Attack, Refused("ST1602")).Should().BeEmpty();

    [Fact]
    public void Faults_AttackThatWasAnswered_Fails() => Faults(Attack, Executed).Should().ContainSingle().Which.Should().Contain("answered");

    [Theory]
    [InlineData("ST1503")]
    [InlineData("ST1901")]
    [InlineData("ST1509")]
    [InlineData("ST1508")]
    [InlineData("ST1301")]
    [InlineData("ST2001")]
    [InlineData("ST2002")]
    [InlineData("ST1205")]
    public void Faults_RefusedBecauseNothingWasTried_Fails(string code)
    {
        foreach (var entry in new[] { Attack, Costly, Benign, Attack with { Category = "multi_statement" }, Attack with { Category = "info" }, Attack with { Category = "unheard_of" } })
        {
            Faults(entry, Refused(code)).Should().ContainSingle().Which.Should().Contain(code);
        }
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("unknown")]
    [InlineData("proposed")]
    [InlineData(Answer.Silence)]
    [InlineData("protocol error")]
    [InlineData("")]
    public void Faults_NeitherExecutedNorRefused_Fails(string outcome)
    {
        Faults(Attack, new Answer(outcome, "ST1602", "{}", TimeSpan.Zero)).Should().ContainSingle();
        Faults(Costly, new Answer(outcome, null, "{}", TimeSpan.Zero)).Should().ContainSingle();
        Faults(Benign, new Answer(outcome, null, "{}", TimeSpan.Zero)).Should().ContainSingle();
    }

    [Fact]
    public void Faults_RefusedWithoutACode_Fails() => Faults(Attack, new Answer(Answer.Refused, null, "{}", TimeSpan.Zero)).Should().ContainSingle();

    [Fact]
    public void Faults_BenignAnswered_None() => Faults(Benign, Executed).Should().BeEmpty();

    [Fact]
    public void Faults_BenignRefused_Fails() => Faults(Benign, Refused("ST1605")).Should().ContainSingle().Which.Should().Contain("ST1605");

    [Fact]
    public void Faults_CostlyAnsweredWithinTheLimits_None() => Faults(Costly, Executed).Should().BeEmpty();

    [Theory]
    [InlineData("ST1504")]
    [InlineData("ST1604")]
    [InlineData("ST1102")]
    public void Faults_CostlyCutShort_None(string code) => Faults(Costly, Refused(code)).Should().BeEmpty();

    [Theory]
    [InlineData("ST1504")]
    [InlineData("ST1604")]
    public void Faults_AttackThatOnlyRanOutOfTime_Fails(string code) => Faults(Attack, Refused(code)).Should().ContainSingle();

    [Fact]
    public void Faults_AttackTooLongToBeRead_MayBeRefusedForThat()
    {
        Faults(Attack, Refused("ST1102")).Should().ContainSingle();
        Faults(Attack with { Sql = new string(' ', 17_000) + "delete" }, Refused("ST1102")).Should().BeEmpty();
    }

    [Fact]
    public void Faults_UnknownCategory_IsHeldToTheStrictestRule()
    {
        var unheard = Attack with { Category = "unheard_of" };
        Faults(unheard, Executed).Should().ContainSingle();
        Faults(unheard, Refused("ST1602")).Should().BeEmpty();
    }

    [Fact]
    public void Faults_AnySense_FailsWhateverTheAnswer()
    {
        foreach (var sense in Enum.GetValues<Sense>())
        {
            Sighting[] seen = [new(sense, "something")];
            PassRule.Faults(Attack, Refused("ST1602"), seen).Should().ContainSingle().Which.Should().Contain("something");
            PassRule.Faults(Benign, Executed, seen).Should().ContainSingle();
            PassRule.Faults(Costly, Executed, seen).Should().ContainSingle();
        }
    }

    private static IReadOnlyList<string> Faults(Entry entry, Answer answer) => PassRule.Faults(entry, answer, []);

    private static Answer Refused(string code) => new(Answer.Refused, code, $$"""{"code":"{{code}}"}""", TimeSpan.Zero);
}
