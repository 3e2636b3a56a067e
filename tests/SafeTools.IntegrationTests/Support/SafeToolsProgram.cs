using System.Diagnostics;
using System.Text;

namespace SafeTools.IntegrationTests.Support;

/// <summary>What a finished child process said.</summary>
internal sealed record Ended(int ExitCode, string Output, string Error)
{
    public string All => Output + Error;
}

/// <summary>The built <c>safetools</c> beside the test assembly, run as a child process with an environment of its own.</summary>
internal static class SafeToolsProgram
{
    /// <summary>Generous: a loaded machine is slow, a hang is for ever.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(90);

    public static string Library { get; } = Path.Combine(AppContext.BaseDirectory, "safetools.dll");

    private static string DotNet { get; } = System.Environment.GetEnvironmentVariable("DOTNET_HOST_PATH")
        ?? (Path.GetFileNameWithoutExtension(System.Environment.ProcessPath) == "dotnet" ? System.Environment.ProcessPath! : "dotnet");

    public static IReadOnlyList<string> CommandLine(IEnumerable<string> arguments) => [DotNet, Library, .. arguments];

    public static ProcessStartInfo Start(IEnumerable<string> command, string folder, IEnumerable<KeyValuePair<string, string>>? variables = null)
    {
        var words = command.ToArray();
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
            WorkingDirectory = folder,
        };
        start.Environment.Clear();
        string[] kept = ["PATH", "DOTNET_ROOT", "HOME"];
        foreach (var name in kept.Where(name => System.Environment.GetEnvironmentVariable(name) is not null))
        {
            start.Environment[name] = System.Environment.GetEnvironmentVariable(name);
        }

        start.Environment["TMPDIR"] = folder;
        start.Environment["NO_COLOR"] = "1";
        foreach (var (name, value) in variables ?? [])
        {
            start.Environment[name] = value;
        }

        return start;
    }

    /// <summary>Runs to the end. Its standard input holds <paramref name="input"/> and is then at its end.</summary>
    public static async Task<Ended> Run(ProcessStartInfo start, string input = "")
    {
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            try
            {
                await process.StandardInput.WriteAsync(input);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended without reading.
            }

            await process.WaitForExitAsync(patience.Token);
            return new Ended(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
