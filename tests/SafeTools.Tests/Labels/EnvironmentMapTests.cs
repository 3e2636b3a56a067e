using SafeTools.Tests.Support;

namespace SafeTools.Tests.Labels;

public class EnvironmentMapTests
{
    [Theory]
    [InlineData("local", EnvironmentLabel.Local)]
    [InlineData("staging", EnvironmentLabel.Staging)]
    [InlineData("qa", EnvironmentLabel.Staging)]
    [InlineData("live", EnvironmentLabel.Production)]
    [InlineData("Staging", EnvironmentLabel.Production)]
    [InlineData("", EnvironmentLabel.Production)]
    [InlineData("nowhere", EnvironmentLabel.Production)]
    public void Resolve_UnknownName_IsProduction(string name, EnvironmentLabel label) => Sample.Environments.Resolve(name).Should().Be(label);

    [Theory]
    [InlineData("staging", "", "nothing confirms its environment (marks), so it counts as production")]
    [InlineData("staging", "staging", "marks: staging")]
    [InlineData("staging", "qa staging", "marks: qa and staging")]
    [InlineData("staging", "local", "configured as staging, but marks says local, so it counts as production")]
    [InlineData("staging", "staging production", "shared by production and staging (marks), so it counts as production")]
    public void Place_SaysWhy(string claimed, string evidence, string reason) =>
        Sample.Environments.Place(claimed, new EnvironmentEvidence(evidence.Split(' ', StringSplitOptions.RemoveEmptyEntries), "marks")).Reason.Should().Be(reason);

    [Fact]
    public void Words_OfLabels_ReadBack()
    {
        Enum.GetValues<EnvironmentLabel>().Should().OnlyContain(label => LabelNames.ParseEnvironment(label.Word()) == label);
        Enum.GetValues<Effect>().Should().OnlyContain(effect => LabelNames.ParseEffect(effect.Word()) == effect);
    }
}
