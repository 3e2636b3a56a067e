using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace SafeTools.IntegrationTests.Packaging;

/// <summary>The program as people will install it: one trimmed file. IL warnings are errors in that build, so that none can creep in.</summary>
public sealed class TrimmedBuildTests : IDisposable
{
    private static readonly string[] Parts =
        ["src", "tool-specs", "Directory.Build.props", "Directory.Packages.props", "BannedSymbols.txt", ".editorconfig", "global.json"];

    private readonly string _folder = Directory.CreateTempSubdirectory("safetools-trimmed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Publish_Trimmed_HasNoILWarningsAndTellsTheDemo()
    {
        foreach (var part in Parts)
        {
            Copy(Path.Combine(Root(), part), Path.Combine(_folder, part));
        }

        var output = Path.Combine(_folder, "out");
        // A runtime identifier is not in the lock files: they pin what is built every day, and packages stay pinned centrally.
        var published = Run(
            "dotnet",
            "publish", "src/SafeTools.Server", "-c", "Release", "-r", "linux-x64", "--self-contained", "-o", output, "-v", "quiet", "--nologo",
            "-p:PublishTrimmed=true", "-p:PublishSingleFile=true", "-p:TrimmerSingleWarn=false", "-p:RestoreLockedMode=false");
        published.Code.Should().Be(0, published.Text);
        published.Text.Should().NotContain("warning IL");

        var told = Run(Path.Combine(output, "safetools"), "demo", "--script");
        told.Code.Should().Be(0, told.Text);
        told.Text.Should().Contain("Nothing was lost.");
    }

    private (int Code, string Text) Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // The test runner's own MSBuild settings are not the build's.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, text + error.Result);
    }

    /// <summary>The repository: three folders above this file's.</summary>
    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", ".."));

    private static void Copy(string from, string to)
    {
        if (File.Exists(from))
        {
            File.Copy(from, to);
            return;
        }

        Directory.CreateDirectory(to);
        foreach (var entry in Directory.EnumerateFileSystemEntries(from).Where(entry => Path.GetFileName(entry) is not ("bin" or "obj")))
        {
            Copy(entry, Path.Combine(to, Path.GetFileName(entry)));
        }
    }
}
