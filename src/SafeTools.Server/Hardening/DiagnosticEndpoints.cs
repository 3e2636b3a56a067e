using System.Globalization;

namespace SafeTools.Server.Hardening;

/// <summary>
/// The sockets and pipes that the runtime opens in the temporary folder for dotnet-dump, dotnet-trace and debuggers of the same user
/// (https://learn.microsoft.com/dotnet/core/diagnostics/diagnostic-port). The setting that turns them off is a variable read before any code
/// of ours runs; without their names nobody can reach them.
/// </summary>
internal static class DiagnosticEndpoints
{
    public static void Remove()
    {
        var folder = System.Environment.GetEnvironmentVariable("TMPDIR") is { Length: > 0 } named ? named : "/tmp";
        var process = System.Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        foreach (var pattern in new[] { $"dotnet-diagnostic-{process}-*-socket", $"clr-debug-pipe-{process}-*" })
        {
            foreach (var path in Directory.Exists(folder) ? Directory.GetFiles(folder, pattern) : [])
            {
                File.Delete(path);
            }
        }
    }
}
