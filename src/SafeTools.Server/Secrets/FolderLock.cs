using System.Diagnostics;
using SafeTools.Providers.LocalVolume;

namespace SafeTools.Server.Secrets;

/// <summary>
/// One writer in a folder at a time, over all processes: an advisory lock on the folder itself, which leaves no file behind. The operating system lets
/// go of it when the process ends, however it ends. Who only reads needs none.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly IDisposable _held;

    private FolderLock(IDisposable held) => _held = held;

    /// <summary>Null where another writer has held it for too long.</summary>
    /// <exception cref="IOException">There is no such folder, or it cannot be opened.</exception>
    public static FolderLock? Take(string folder)
    {
        var begun = Stopwatch.GetTimestamp();
        // The port is synchronous, and a lock has no event to wait for that would also end.
        using var never = new ManualResetEventSlim();
        do
        {
            if (Try(folder) is { } held)
            {
                return new FolderLock(held);
            }
        }
        while (!never.Wait(Pause) && Stopwatch.GetElapsedTime(begun) < Patience);
        return null;
    }

    public void Dispose() => _held.Dispose();

    private static IDisposable? Try(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            // Elsewhere .NET opens no folder; a file in it stands for it.
            try
            {
                return new FileStream(Path.Combine(folder, ".safetools-lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Directory.Exists(folder))
            {
                return null;
            }
        }

        var open = OpenFolder.At(folder) ?? throw new DirectoryNotFoundException("There is no such folder.");
        if (open.TryLock())
        {
            return open;
        }

        open.Dispose();
        return null;
    }
}
