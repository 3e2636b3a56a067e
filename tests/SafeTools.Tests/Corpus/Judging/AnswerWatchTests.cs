using SafeTools.Corpus.Asking;
using SafeTools.Corpus.Entries;
using SafeTools.Corpus.Judging;
using SafeTools.Corpus.Observing;

namespace SafeTools.Tests.Corpus.Judging;

public sealed class AnswerWatchTests
{
    private static readonly Entry Entry = new("i-1", "info", "select * from shop.customers", "cards");

    [Theory]
    [InlineData("4111-CARD-7")]
    [InlineData("TENANT-B-SECRET")]
    [InlineData("SCRAM-SHA-256$4096:x")]
    [InlineData("user=c_rw password=pw")]
    [InlineData("LARGE-OBJECT-SECRET")]
    [InlineData("root:x:0:0")]
    [InlineData("select 'VICTIM-SECRET'")]
    public void Of_AnswerWithAPlantedWord_SeesTheLeak(string word)
    {
        foreach (var outcome in new[] { Answer.Executed, Answer.Refused })
        {
            AnswerWatch.Of(Entry, new Answer(outcome, null, word, TimeSpan.Zero)).Should().Contain(sighting => sighting.Sense == Sense.Leak);
        }
    }

    [Fact]
    public void Of_WordThatTheStatementSaysItself_SeesNothing() =>
        AnswerWatch.Of(Entry with { Sql = "select '4111-CARD-'" }, new Answer(Answer.Executed, null, "4111-CARD-", TimeSpan.Zero)).Should().BeEmpty();

    [Fact]
    public void Of_AnswerThatMatchesTheEntrysOwnPattern_SeesTheLeak() =>
        AnswerWatch.Of(Entry with { Leak = "u[0-9]+@x" }, new Answer(Answer.Executed, null, "u5@x.test", TimeSpan.Zero)).Should().ContainSingle();

    [Fact]
    public void Of_AnswerAfterTheLimit_SeesTheTime() =>
        AnswerWatch.Of(Entry, new Answer(Answer.Refused, "ST1504", "", AnswerWatch.LongestAnswer + TimeSpan.FromTicks(1))).Should().ContainSingle().Which.Sense.Should().Be(Sense.Time);

    [Fact]
    public void Of_OrdinaryAnswer_SeesNothing() => AnswerWatch.Of(Entry, new Answer(Answer.Executed, null, "[[1]]", PolicyFolder.TimeLimit)).Should().BeEmpty();
}
