namespace SafeTools.Providers.Sqlite;

/// <summary>
/// Looks at what the engine would open. It opens without O_NONBLOCK, so a pipe in the place of the database or of a file beside it would keep it waiting for
/// ever. Nothing is opened here: closing it again would drop the locks that SQLite holds on the file in this process (POSIX advisory locks).
/// </summary>
internal static class DatabaseFiles
{
    private static readonly string[] Endings = ["", "-journal", "-wal", "-shm"];

    /// <summary>What is missing, and a symbolic link, is left to the engine: it creates and follows nothing.</summary>
    public static Refusal? WhyNotPlain(string path) => Endings.Any(ending => IsSpecial(path + ending))
        ? RefusalCatalog.ResourceUnavailable.Because("The database, or a file beside it, is a folder, device, pipe or socket, not a plain file.")
        : null;

    private static bool IsSpecial(string path)
    {
        if (LinuxCalls.Supported)
            return FileStatus.At(path) is { Kind: FileKind.Folder or FileKind.Special };
        var file = new FileInfo(path);
        return Directory.Exists(path) || (file.Exists && (file.Attributes & FileAttributes.Device) != 0);
    }
}
