using System.Diagnostics;
using System.Globalization;

namespace SafeTools.IntegrationTests.Support;

/// <summary>A real file system of a size of its own (tmpfs), mounted on a folder until disposed. Needs root, as the tests with a second user do.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    private string Filler => Path.Combine(_folder, "filler");

    public static SmallDisk Mount(string folder, int megabytes)
    {
        Directory.CreateDirectory(folder);
        Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m,mode=0700"), "safetools-test", folder);
        return new SmallDisk(folder);
    }

    /// <summary>Another tenant takes every last byte.</summary>
    public void Fill()
    {
        using var filler = new FileStream(Filler, FileMode.Create);
        var block = new byte[4096];
        try
        {
            while (true)
            {
                filler.Write(block);
                filler.Flush();
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Relieve() => File.Delete(Filler);

    /// <summary>Leaves little more than what is used now. While somebody writes, what was used a moment ago may be too little to ask for.</summary>
    public void Shrink()
    {
        const int attempts = 50;
        const long margin = 8L * 1024 * 1024;
        for (var attempt = 1; ; attempt++)
        {
            var drive = new DriveInfo(_folder);
            var size = (drive.TotalSize - drive.AvailableFreeSpace + margin).ToString(CultureInfo.InvariantCulture);
            if (Try("mount", "-o", "remount,size=" + size, _folder) is not { } said)
            {
                return;
            }

            attempt.Should().BeLessThan(attempts, said);
        }
    }

    public void Dispose() => Run("umount", "--lazy", _folder);

    private static void Run(string command, params string[] arguments) => Try(command, arguments).Should().BeNull();

    /// <summary>Null: done; else what it said.</summary>
    private static string? Try(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? null : $"{command}: {said}";
    }
}
