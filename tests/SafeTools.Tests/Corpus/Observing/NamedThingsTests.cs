using SafeTools.Corpus.Entries;
using SafeTools.Corpus.Observing;

namespace SafeTools.Tests.Corpus.Observing;

/// <summary>What statements name is watched.</summary>
public sealed class NamedThingsTests
{
    [Fact]
    public void Channels_OfStatements_AreAllFound() =>
        NotificationWatch.Channels([Entry("NOTIFY jobs, 'x'"), Entry("select pg_notify('other', 'x')"), Entry("select 1")]).Should().BeEquivalentTo("jobs", "other", "ch");

    [Fact]
    public void Paths_BelowTmp_AreFoundWhereverTheyStand() =>
        FileWatch.Paths([Entry("COPY (SELECT 1) TO '/tmp/a/b/c.txt'"), Entry("COPY (SELECT 1) TO PROGRAM 'touch /tmp/d/e >/tmp/f'"), Entry("select pg_read_file('/etc/passwd')")])
            .Should().BeEquivalentTo("/tmp/a/b/c.txt", "/tmp/d/e", "/tmp/f");

    private static Entry Entry(string sql) => new("x", "file", sql, "");
}
