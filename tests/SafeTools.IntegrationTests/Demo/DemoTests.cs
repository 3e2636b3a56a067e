using System.Diagnostics;
using System.Text.RegularExpressions;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Demo;

public sealed partial class DemoTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("safetools-canary-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Demo_AsScript_TellsTheStoryAndLeavesNothingBehind()
    {
        var clock = Stopwatch.StartNew();
        var ended = await Run("demo", "--script");
        var took = clock.Elapsed;

        ended.Error.Should().BeEmpty();
        ended.ExitCode.Should().Be(0, ended.Output);
        Golden.Check("demo.txt", Normalised(ended.Output));
        ended.Output.Should().Contain("   policy.waiting\n");
        took.Should().BeLessThan(TimeSpan.FromSeconds(60), "it takes a few seconds; a loaded machine gets some more");
        _folder.EnumerateFileSystemInfos().Should().BeEmpty("the sandbox is the demo's own to tidy up");
    }

    [Fact]
    public async Task Demo_WithoutTerminal_AsksNobody()
    {
        var ended = await Run("demo");

        ended.ExitCode.Should().Be(0, ended.All);
        Golden.Check("demo.txt", Normalised(ended.Output));
        _folder.EnumerateFileSystemInfos().Should().BeEmpty();
    }

    private Task<Ended> Run(params string[] arguments) => SafeToolsProgram.Run(SafeToolsProgram.Start(SafeToolsProgram.CommandLine(arguments), _folder.FullName));

    /// <summary>Ids, times, and when a server notices edited files differ from run to run; everything else must not.</summary>
    private string Normalised(string text)
    {
        text = text.Replace(_folder.FullName, "FOLDER", StringComparison.Ordinal);
        text = Ids().Replace(text, "act-000000000000");
        text = Times().Replace(text, "TIME");
        return text.Replace("   policy.waiting\n", "", StringComparison.Ordinal);
    }

    [GeneratedRegex("act-[0-9a-z]{12}")]
    private static partial Regex Ids();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT[0-9:.]+(Z|\+00:00)")]
    private static partial Regex Times();
}
