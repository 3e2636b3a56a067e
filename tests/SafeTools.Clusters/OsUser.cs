using System.Diagnostics;
using System.Text;

namespace SafeTools.Clusters;

/// <summary>
/// Programs run as the OS user that owns clusters: PostgreSQL refuses to run as root, so root becomes <c>postgres</c>; anybody else stays who they are.
/// </summary>
internal static class OsUser
{
    /// <summary>Generous: a loaded machine is slow, a hang is for ever.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(90);

    public static ProcessStartInfo Start(IEnumerable<string> command, string? password = null)
    {
        string[] words = System.Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--", .. command] : [.. command];
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            WorkingDirectory = "/",
        };

        // Nothing of the tester's own PostgreSQL settings, and messages as written in the source.
        var path = System.Environment.GetEnvironmentVariable("PATH");
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment["TZ"] = "UTC";
        if (password is not null)
        {
            start.Environment["PGPASSWORD"] = password;
        }

        return start;
    }

    /// <summary>Runs to the end and answers standard output without its last line end.</summary>
    /// <exception cref="ClusterException">It failed, or took longer than anybody waits.</exception>
    public static async Task<string> Run(IEnumerable<string> command, string input = "", string? password = null, CancellationToken cancellationToken = default)
    {
        using var process = Process.Start(Start(command, password))!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var error = process.StandardError.ReadToEndAsync(patience.Token);
            await Feed(process, input);
            await process.WaitForExitAsync(patience.Token);
            return process.ExitCode == 0
                ? (await output).TrimEnd('\n')
                : throw new ClusterException($"{string.Join(' ', command.Take(3))} ended with {process.ExitCode}: {await error}{await output}");
        }
        catch (OperationCanceledException fault) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ClusterException($"{string.Join(' ', command.Take(3))} did not end.", fault);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static async Task Feed(Process process, string input)
    {
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading.
        }
    }
}
