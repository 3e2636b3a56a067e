using System.Diagnostics;
using System.Globalization;

namespace SafeTools.Tests.Secrets;

/// <summary>What only root may do to a file, as these tests run.</summary>
internal static class Os
{
    /// <summary>Gives a file to another user of the system.</summary>
    public static void Own(string path, int user, int? group = null)
    {
        using var process = Process.Start("chown", ["-h", string.Create(CultureInfo.InvariantCulture, $"{user}{(group is null ? "" : $":{group}")}"), path])!;
        process.WaitForExit();
        process.ExitCode.Should().Be(0, "these tests run as root");
    }
}
