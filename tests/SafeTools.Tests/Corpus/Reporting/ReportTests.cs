using SafeTools.Corpus;
using SafeTools.Corpus.Asking;
using SafeTools.Corpus.Entries;
using SafeTools.Corpus.Observing;
using SafeTools.Corpus.Reporting;

namespace SafeTools.Tests.Corpus.Reporting;

public sealed class ReportTests
{
    private static readonly Result Bad = new(
        new Entry("dml-1", "dml", "delete", ""), new Answer(Answer.Refused, "ST1602", "", TimeSpan.Zero), [new Sighting(Sense.Writing, "Heap\nDELETE x500")]);

    private static readonly Result Good = new(new Entry("benign-1", "benign", "select 1", ""), new Answer(Answer.Executed, null, "", TimeSpan.Zero), []);

    [Fact]
    public void Failure_OfAnEntry_IsOneLineThatSaysWhoAndWhat() =>
        Report.Failure(Trial.OfCredentials[0], Bad).Should().Be("FAILED dml-1 (hardened) ST1602: writing: Heap DELETE x500");

    [Fact]
    public void Table_OfResults_CountsByCategoryAndLayer()
    {
        var lines = Report.Table(Trial.OfCredentials[0], [Bad, Good], TimeSpan.FromSeconds(3)).ToArray();
        lines[0].Should().Be("hardened (c_ro): 1 passed, 1 failed in 3 s");
        lines.Should().ContainSingle(line => line.StartsWith("  dml ", StringComparison.Ordinal)).Which.Split(' ', StringSplitOptions.RemoveEmptyEntries).Should().Equal("dml", ".", "1", ".", ".", ".", ".", ".", "1");
        lines[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Should().Equal("all", ".", "1", ".", ".", ".", "1", ".", "1");
    }

    [Fact]
    public void Summary_OfTrials_IsOneRowEach()
    {
        var lines = Report.Summary([(Trial.OfLayers[0], [Bad, Good]), (Trial.OfLayers[1], [Good])]).ToArray();
        lines.Should().HaveCount(3);
        lines[1].Should().StartWith("  without the credential's proof, superuser ").And.EndWith(" 1");
        lines[2].Should().StartWith("  without text caps, superuser ").And.EndWith(" .");
    }
}
