using SafeTools.Corpus.Entries;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.Corpus.Entries;

public sealed class EntryFileTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void Read_CommittedCorpus_HoldsEveryKindAndSomethingBenign()
    {
        var entries = EntryFile.Read(Path.Combine(Golden.Root, "tests", "corpora", "postgres-readonly.jsonl"));
        entries.Should().HaveCount(282);
        entries.Count(entry => entry.IsBenign).Should().BePositive();
        entries.Select(entry => entry.Category).Distinct().Should().HaveCount(21);
    }

    [Fact]
    public void Read_FieldsThatNobodyNeeds_AreIgnored()
    {
        File.WriteAllText(_file, """{"id":"a","category":"dml","sql":"x","effect":"y","evidence":{"z":1},"leak":"[0-9]"}""" + "\n\n");
        EntryFile.Read(_file).Should().Equal(new Entry("a", "dml", "x", "y", "[0-9]"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"id":"a","category":"dml","effect":"y"}""")]
    [InlineData("""{"id":"a","category":"dml","sql":5,"effect":"y"}""")]
    [InlineData("""{"id":"a","category":"dml","sql":"x","effect":"y","leak":"("}""")]
    [InlineData("""{"id":"a","category":"dml","sql":"x","effect":"y"}""" + "\n" + """{"id":"a","category":"ddl","sql":"z","effect":"y"}""")]
    public void Read_WhatIsNoCorpus_Refuses(string text)
    {
        File.WriteAllText(_file, text);
        var read = () => EntryFile.Read(_file);
        read.Should().Throw<FormatException>();
    }

    public void Dispose() => File.Delete(_file);
}
