using SafeTools.Providers.LocalVolume;

namespace SafeTools.Server.Secrets;

/// <summary>
/// Puts a whole file in another one's place, or leaves that one as it was: whoever reads, and whoever looks after a crash, finds one of the two.
/// The caller holds the folder's <see cref="FolderLock"/> and has judged the folder.
/// </summary>
internal static class AtomicFile
{
    /// <summary>Where the new content is written first: one name a folder, so that the next write finds what a crash left.</summary>
    public const string Unfinished = ".safetools-new";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Durable when it returns. A file that is there keeps its mode and group; a new one is its owner's alone.</summary>
    /// <exception cref="IOException">Nothing has changed.</exception>
    /// <exception cref="SecretsException">It stands there, but nobody knows whether it would after a power failure.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content)
    {
        var folder = Path.GetDirectoryName(path)!;
        var unfinished = Path.Combine(folder, Unfinished);
        Discard(unfinished);
        try
        {
            Write(unfinished, content, path);
            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            Discard(unfinished);
            throw;
        }

        Sync(folder);
    }

    /// <summary>Gives a whole file another name, and whatever had it is gone. Durable when it returns.</summary>
    public static void Rename(string path, string newPath)
    {
        File.Move(path, newPath, overwrite: true);
        Sync(Path.GetDirectoryName(newPath)!);
    }

    public static void Remove(string path)
    {
        File.Delete(path);
        Sync(Path.GetDirectoryName(path)!);
    }

    private static void Write(string unfinished, ReadOnlySpan<byte> content, string like)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using var file = new FileStream(unfinished, options);
        file.Write(content);
        if (!OperatingSystem.IsWindows() && File.Exists(like))
        {
            KeepGroup(unfinished, like);
            File.SetUnixFileMode(file.SafeFileHandle, File.GetUnixFileMode(like));
        }

        file.Flush(flushToDisk: true);
    }

    private static void KeepGroup(string unfinished, string like)
    {
        if (!OperatingSystem.IsLinux())
        {
            // The systems of BSD's family give a new file the group of its folder.
            return;
        }

        using var folder = OpenFolder.At(Path.GetDirectoryName(like)!) ?? throw new DirectoryNotFoundException("The folder is gone.");
        if (folder.Status(Path.GetFileName(like)) is not { } old || folder.Status(Path.GetFileName(unfinished)) is not { } made || made.Group == old.Group)
        {
            return;
        }

        folder.CopyOwner(Path.GetFileName(unfinished), old);
        if (folder.Status(Path.GetFileName(unfinished))?.Group != old.Group)
        {
            throw new IOException("The file's group cannot be kept.");
        }
    }

    /// <summary>A link is removed itself, never followed.</summary>
    private static void Discard(string unfinished) => File.Delete(unfinished);

    private static void Sync(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            using var open = OpenFolder.At(folder);
            open?.Sync();
        }
        catch (IOException fault)
        {
            throw new SecretsException("A secret was written, but its disk does not say that it will last.", fault);
        }
    }
}
