using SafeTools.Tests.Support;

namespace SafeTools.Tests.Policies;

public class PolicyChangesTests
{
    [Theory]
    [InlineData("{ qa: staging, live: production }", "{ qa: staging, live: staging }", "the environment live means staging (was production)")]
    [InlineData("{ qa: staging, live: staging }", "{ qa: staging, live: production }", "the environment live means production (was staging)")]
    [InlineData("{ qa: staging }", "{ qa: staging, live: local }", "the environment live means local (was production)")]
    public void Between_WithAnotherMeaningOfAnEnvironment_SaysItAsLoosening(string before, string after, string expected) =>
        PolicyChanges.Between(With(before), With(after)).Should().Contain(new PolicyChanges.Change(true, expected)).And.OnlyContain(change => change.Loosens);

    [Fact]
    public void Between_WithOnlyAComment_SaysSo() =>
        PolicyChanges.Between(With("{ qa: staging }"), With("{ qa: staging } # quality")).Should().ContainSingle().Which.Text.Should().StartWith("only comments");

    private static Policy With(string environments) => Files.Broken("safetools.yaml", "{ qa: staging }", environments, out _)!;
}
