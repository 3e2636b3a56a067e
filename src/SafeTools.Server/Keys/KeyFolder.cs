using SafeTools.Server.State;

namespace SafeTools.Server.Keys;

/// <summary>The locked keys of the people who approve on this machine: one 0600 file each.</summary>
internal static class KeyFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static IReadOnlyList<LockedKey> Read(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(path => LockedKey.FromJson(File.ReadAllText(path))).OfType<LockedKey>()]
        : [];

    public static bool Holds(string folder, string name) => Path.Exists(PathOf(folder, name));

    /// <summary>Takes back what <see cref="Add"/> made a moment ago.</summary>
    public static void Remove(string folder, string name) => File.Delete(PathOf(folder, name));

    /// <summary>False where a key of that name exists already: a key is never overwritten.</summary>
    public static bool Add(string folder, LockedKey key)
    {
        StoreFolder.Make(folder);
        var path = PathOf(folder, key.Name);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        try
        {
            using var file = new StreamWriter(path, options);
            file.Write(CanonicalJson.Text(key.ToJson()));
            return true;
        }
        catch (IOException) when (File.Exists(path))
        {
            return false;
        }
    }

    private static string PathOf(string folder, string name) => Path.Combine(folder, $"{name}.json");
}
