using System.Globalization;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Packaging;

/// <summary>An editor waits for the answer to <c>initialize</c> at every start (docs/decisions/0011).</summary>
[Collection(InstalledProgram.Collection)]
public sealed class StartupTests(InstalledProgram installed)
{
    [Fact]
    public async Task Initialize_OfTheInstalledProgram_IsAnsweredInHalfTheTimeOfTheGenericHostSample()
    {
        var ended = await installed.Run(
            [Path.Combine(NodeClients.Root, "tests", "SafeTools.Benchmarks", "startup.sh")], [new("SAFETOOLS", installed.Program), new("ROUNDS", "11")]);
        ended.ExitCode.Should().Be(0, ended.All);
        var last = ended.Output.TrimEnd().Split('\n')[^1];
        last.Should().StartWith("ratio ");
        double.Parse(last["ratio ".Length..], CultureInfo.InvariantCulture).Should().BeLessThanOrEqualTo(0.5, ended.Output);
    }
}
