using SafeTools.Corpus.Asking;
using SafeTools.Corpus.Entries;
using SafeTools.Corpus.Observing;
using SafeTools.Corpus.Removing;

namespace SafeTools.Tests.Corpus.Removing;

public sealed class RemovalRuleTests
{
    private static readonly Removal TextCaps = Removal.All.Single(removal => removal.Name == "text caps");
    private static readonly Entry Attack = new("a-1", "dml", "delete from shop.orders", "delete");
    private static readonly Entry Benign = new("b-1", "benign", "select 1", "none");
    private static readonly Answer Executed = new(Answer.Executed, null, "{}", TimeSpan.Zero);

    [Fact]
    public void Faults_AnsweredAndNothingSeen_None() => Faults(Attack, Executed).Should().BeEmpty();

    [Theory]
    [InlineData("ST1601")]
    [InlineData("ST1602")]
    [InlineData("ST1605")]
    [InlineData("ST1606")]
    [InlineData("ST1504")]
    public void Faults_RefusedForWhatItIs_None(string code) => Faults(Attack, Refused(code)).Should().BeEmpty();

    [Theory]
    [InlineData("ST1503")]
    [InlineData("ST1509")]
    [InlineData("ST1901")]
    public void Faults_RefusedBecauseNothingWasTried_Fails(string code) => Faults(Attack, Refused(code)).Should().ContainSingle().Which.Should().Contain(code);

    [Fact]
    public void Faults_BenignRefused_Fails() => Faults(Benign, Refused("ST1602")).Should().ContainSingle();

    [Fact]
    public void Faults_Silence_Fails() => Faults(Attack, Answer.None("it hangs", TimeSpan.Zero)).Should().ContainSingle();

    [Fact]
    public void Faults_AnythingSeen_Fails() => Faults(Attack, Refused("ST1602"), new Sighting(Sense.Writing, "Heap DELETE x500")).Should().ContainSingle().Which.Should().Contain("Heap");

    [Fact]
    public void Faults_LockThatTheLayerAlonePrevents_None() => Faults(Attack, Refused("ST1602"), new Sighting(Sense.Locks, "relation RowExclusiveLock on 16668")).Should().BeEmpty();

    private static IReadOnlyList<string> Faults(Entry entry, Answer answer, params Sighting[] sightings) => RemovalRule.Faults(TextCaps, entry, answer, sightings);

    private static Answer Refused(string code) => new(Answer.Refused, code, "{}", TimeSpan.Zero);
}
