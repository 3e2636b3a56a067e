using SafeTools.Providers;

namespace SafeTools.Tests.Attempts;

public sealed class AttemptRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Rule_AttemptThatNobodyEnded_CountsAsAFailure()
    {
        var begun = AttemptRules.Begun(null, "a", Now);
        AttemptRules.Rule(begun, "a", aside: false, Now.AddSeconds(5)).Should().Be(new AttemptTurn.Wait(Now.AddMinutes(1), UnderWay: true));
        AttemptRules.Rule(begun, "a", aside: false, Now.AddSeconds(40)).Should().Be(new AttemptTurn.Wait(Now.AddMinutes(1), UnderWay: false));
        AttemptRules.Rule(begun, "a", aside: false, Now.AddMinutes(1)).Should().BeOfType<AttemptTurn.Try>();
        AttemptRules.Begun(begun, "a", Now.AddMinutes(1)).Failures.Should().HaveCount(2);
    }

    [Fact]
    public void Rule_ClockThatWentBack_Waits()
    {
        var failed = AttemptRules.Ended(AttemptRules.Begun(null, "a", Now), AttemptEnd.Refused, "{}");
        AttemptRules.Rule(failed, "b", aside: false, Now.AddHours(-3)).Should().BeOfType<AttemptTurn.Wait>();
    }

    [Fact]
    public void Rule_SuccessBetweenFailures_DoesNotWipeThem()
    {
        AttemptRecord? record = null;
        var time = Now;
        for (var turn = 0; turn < 4; turn++, time += AttemptRules.AfterFailure)
            record = AttemptRules.Ended(AttemptRules.Begun(record, "a", time), AttemptEnd.Refused, null);
        record = AttemptRules.Ended(AttemptRules.Begun(record, "a", time), AttemptEnd.LetIn, null);
        record.Failures.Should().HaveCount(4);
        record = AttemptRules.Ended(AttemptRules.Begun(record, "a", time += AttemptRules.AfterFailure), AttemptEnd.Refused, null);
        AttemptRules.Rule(record, "a", aside: false, time + AttemptRules.AfterFailure).Should().Be(new AttemptTurn.Wait(Now + AttemptRules.Window, false));
    }

    [Fact]
    public void Record_WrittenAndRead_IsTheSame()
    {
        var record = AttemptRules.Ended(AttemptRules.Begun(null, "a", Now), AttemptEnd.Refused, """{"a":1}""");
        AttemptRecord.Read(record.Write()).Should().BeEquivalentTo(record);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"failures":[],"last":"yesterday","end":"refused","stamp":"a","answer":null}""")]
    [InlineData("""{"failures":[],"last":"2026-01-01T00:00:00Z","end":"well","stamp":"a","answer":null}""")]
    public void Record_ThatIsNone_IsNotGuessed(string text) => FluentActions.Invoking(() => AttemptRecord.Read(text)).Should().Throw<FormatException>();
}
