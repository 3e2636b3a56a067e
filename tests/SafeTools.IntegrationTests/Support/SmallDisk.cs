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

    /// <summary>Leaves what is used now, and not a byte more.</summary>
    public void Shrink() => Run("mount", "-o", "remount,size=" + (new DriveInfo(_folder) is var drive ? drive.TotalSize - drive.AvailableFreeSpace : 0).ToString(CultureInfo.InvariantCulture), _folder);

    public void Dispose() => Run("umount", "--lazy", _folder);

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.Should().Be(0, $"{command}: {said}");
    }
}
