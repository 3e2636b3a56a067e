using SafeTools.Tests.Support;

namespace SafeTools.Tests.Capabilities;

public class GrantTests
{
    [Theory]
    [InlineData("read:*@staging", Effect.Read, null, EnvironmentLabel.Staging)]
    [InlineData("*@*", null, null, null)]
    [InlineData("tool@production", null, "tool", EnvironmentLabel.Production)]
    [InlineData("irreversible:tool@local", Effect.Irreversible, "tool", EnvironmentLabel.Local)]
    [InlineData("reversible:tool@*", Effect.Reversible, "tool", null)]
    [InlineData("tool@qa", null, "tool", EnvironmentLabel.Staging)]
    public void Parse_Wellformed_MeansWhatItSays(string text, Effect? effect, string? tool, EnvironmentLabel? environment) =>
        Grant.Parse(text, Sample.Environments).Should().Be(new Grant(text, effect, tool, environment));

    [Theory]
    [InlineData("")]
    [InlineData("@")]
    [InlineData("tool")]
    [InlineData("tool@")]
    [InlineData("@staging")]
    [InlineData("tool@staging@production")]
    [InlineData("tool@nowhere")]
    [InlineData("tool@Staging")]
    [InlineData(":tool@staging")]
    [InlineData("read:@staging")]
    [InlineData("Read:tool@staging")]
    [InlineData("write:tool@staging")]
    [InlineData("read:reversible:tool@staging")]
    [InlineData("irreversible:*@production")]
    [InlineData("irreversible:tool@*")]
    [InlineData("irreversible:*@*")]
    public void Parse_AnythingElse_IsNoGrant(string text) => Grant.Parse(text, Sample.Environments).Should().BeNull();

    [Fact]
    public void Covers_WildcardAndIrreversible_Never()
    {
        string[] wild = ["*@*", "*@production", "tool@*", "read:*@*", "reversible:*@production", "reversible:tool@*"];
        foreach (var environment in Enum.GetValues<EnvironmentLabel>())
        {
            wild.Any(text => Grant.Parse(text, Sample.Environments)!.Covers("tool", Effect.Irreversible, environment)).Should().BeFalse();
        }
    }

    [Fact]
    public void MaySee_OnlyAboveTheCeiling_IsNotShown()
    {
        var principal = Sample.Principal("tool@production");
        principal.MaySee(Sample.Tool(SampleProvider.Look, ceiling: EnvironmentLabel.Staging)).Should().BeFalse();
        principal.MaySee(Sample.Tool(SampleProvider.Look, ceiling: EnvironmentLabel.Production)).Should().BeTrue();
    }
}
