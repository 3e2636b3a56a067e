using SafeTools.Server.Hardening;
using SafeTools.Server.Serving;

namespace SafeTools.Server.State;

/// <summary>The folder that holds the store, the locked keys and the signs of life: its owner's alone.</summary>
internal static class StoreFolder
{
    public const string FileName = "state.db";
    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes what is missing, and answers the path of the store's file.</summary>
    /// <exception cref="StoreException">Others may read or write it, it is a symbolic link, or it cannot be made.</exception>
    public static string Prepare(string folder)
    {
        try
        {
            var path = MakeAndCheck(folder);
            var file = Path.Combine(path, FileName);
            MakeFile(file);
            Check(new FileInfo(file), FileMode, "The state store's file is a symbolic link.", "Others may use the state store's file; its mode must be 0600.", "600");
            return file;
        }
        catch (Exception exception) when (IsUnusable(exception))
        {
            throw Unusable(folder, exception);
        }
    }

    /// <summary>The folder alone, for what is kept there beside the store.</summary>
    /// <exception cref="StoreException">As for <see cref="Prepare"/>.</exception>
    public static void PrepareFolder(string folder)
    {
        try
        {
            MakeAndCheck(folder);
        }
        catch (Exception exception) when (IsUnusable(exception))
        {
            throw Unusable(folder, exception);
        }
    }

    private static string MakeAndCheck(string folder)
    {
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        Make(path);
        Check(new DirectoryInfo(path), FolderMode, "The state folder is a symbolic link; name the folder itself.", "Others may use the state folder; its mode must be 0700.", "700");
        return path;
    }

    private static bool IsUnusable(Exception exception) => exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;

    private static StoreException Unusable(string folder, Exception exception) => new(RefusalCatalog.StateUnavailable.Because("The state folder cannot be made or read."), exception)
    {
        Advice = $"{folder} must be a folder that this user may write, or have room for one above it. Name another one with --state.",
    };

    /// <summary>Makes the folder, and those above it that are missing, for their owner alone. One that exists stays as it is.</summary>
    public static void Make(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }

        if (Path.GetDirectoryName(path) is { } parent)
        {
            Make(parent);
        }

        Directory.CreateDirectory(path, FolderMode);
    }

    private static void Check(FileSystemInfo found, UnixFileMode most, string link, string open, string mode)
    {
        if (found.LinkTarget is not null)
        {
            throw new StoreException(RefusalCatalog.StateUnavailable.Because(link)) { Advice = $"{found.FullName} leads to {found.LinkTarget}. Name that with --state, or put the thing itself in the link's place." };
        }

        if (!OperatingSystem.IsWindows() && Ownership.Of(found.FullName) is { } owned && owned.User != Ownership.OfThisProcess)
        {
            // Root may open anything; what it leaves behind there, the owner could no longer open.
            throw new StoreException(RefusalCatalog.ForeignState.Because("The state folder, or a file in it, belongs to another user of this system."))
            {
                Advice = $"{found.FullName} belongs to {SystemUsers.Name(owned.User)}. Run the command as the user who owns it, or name another folder with --state.",
            };
        }

        // Windows has no mode: there the folder inherits the access list of the user's profile.
        if (!OperatingSystem.IsWindows() && (found.UnixFileMode & ~most) != 0)
        {
            throw new StoreException(RefusalCatalog.StateUnavailable.Because(open)) { Advice = $"Run: chmod {mode} {found.FullName}" };
        }
    }

    private static void MakeFile(string file)
    {
        if (File.Exists(file))
        {
            // Never opened here: closing it would drop the locks that SQLite holds on it in this process (POSIX advisory locks).
            return;
        }

        var options = new FileStreamOptions { Mode = System.IO.FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileMode;
        }

        try
        {
            using var made = new FileStream(file, options);
        }
        catch (IOException) when (File.Exists(file))
        {
            // Another process was quicker; both use the one file.
        }
    }
}
