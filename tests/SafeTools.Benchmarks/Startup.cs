using System.Diagnostics;
using System.Text;

namespace SafeTools.Benchmarks;

/// <summary>How long an MCP server takes from its start to the answer to <c>initialize</c>, as a client over stdio sees it.</summary>
internal static class Startup
{
    private const string Initialize =
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"startup","version":"1"}}}""";

    /// <summary>The medians of both, taken in turns, so that whatever else the machine does meets both alike. One unmeasured turn warms the disk's cache.</summary>
    public static (TimeSpan First, TimeSpan Second) Compare(int rounds, string[] first, string[] second)
    {
        var folder = Directory.CreateTempSubdirectory("startup-");
        try
        {
            _ = (Measure(first, folder), Measure(second, folder));
            var taken = Enumerable.Range(0, rounds).Select(_ => (First: Measure(first, folder), Second: Measure(second, folder))).ToArray();
            return (Median(taken.Select(turn => turn.First)), Median(taken.Select(turn => turn.Second)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <param name="folder">An empty working folder: what a generic host watches there is not what is compared.</param>
    private static TimeSpan Measure(string[] command, DirectoryInfo folder)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = folder.FullName,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        process.StandardInput.WriteLine(Initialize);
        process.StandardInput.Flush();
        var answer = process.StandardOutput.ReadLine();
        var taken = Stopwatch.GetElapsedTime(began);
        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        return answer is not null && answer.Contains("\"protocolVersion\":\"2025-11-25\"", StringComparison.Ordinal)
            ? taken
            : throw new InvalidOperationException($"{command[0]} did not answer initialize: {answer ?? "nothing"}");
    }

    private static TimeSpan Median(IEnumerable<TimeSpan> times)
    {
        var ordered = times.Order().ToArray();
        return ordered.Length % 2 == 1 ? ordered[ordered.Length / 2] : (ordered[ordered.Length / 2 - 1] + ordered[ordered.Length / 2]) / 2;
    }
}
