using SafeTools.Server.Hardening;

namespace SafeTools.Server.Serving;

/// <summary>
/// Whether only the server's own user and root can change what lies at a path: the entry itself, every folder above it, and every symbolic
/// link on the way with the folders above its target.
/// </summary>
/// <param name="server">The number of the user that serves.</param>
internal sealed class FolderTrust(uint server)
{
    private const int MostLinks = 40;

    /// <summary>Null: out of others' reach. Else what is wrong and what mends it.</summary>
    /// <param name="what">What lies there, for the sentence: "the state folder".</param>
    /// <param name="path">Absolute. Where the end of it does not exist, the folders that do are looked at: nobody else can make it.</param>
    public string? Fault(string what, string path)
    {
        var rest = new Stack<string>(Parts(path).Reverse());
        var (at, above, links) = ("/", Ownership.Of("/"), 0);
        while (rest.TryPop(out var part))
        {
            if (part == "..")
            {
                at = Path.GetDirectoryName(at) ?? "/";
                above = Ownership.Of(at);
                continue;
            }

            if (Judge(what, at, above!.Value, last: false) is { } open)
            {
                return open;
            }

            var next = Path.Combine(at, part);
            if (Ownership.Of(next) is not { } found)
            {
                // Whoever may write a sticky folder may make there what is missing.
                return above.Value.OthersMayWrite ? Writable(what, at) : null;
            }

            if (!found.IsLink)
            {
                (at, above) = (next, found);
                continue;
            }

            if (Foreign(found))
            {
                return Owned(what, next, found);
            }

            if (++links > MostLinks || new FileInfo(next).LinkTarget is not { } target)
            {
                return $"The way to {what} goes through too many symbolic links at {next}. Name the place itself.";
            }

            foreach (var further in Parts(target).Reverse())
            {
                rest.Push(further);
            }

            (at, above) = Path.IsPathRooted(target) ? ("/", Ownership.Of("/")) : (at, above);
        }

        return Judge(what, at, above!.Value, last: true);
    }

    /// <summary>The same for everything in a folder, and for the folder.</summary>
    public string? FaultWithin(string what, string folder)
    {
        if (Fault(what, folder) is { } fault)
        {
            return fault;
        }

        if (!Directory.Exists(folder))
        {
            return null;
        }

        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false, MaxRecursionDepth = 5 };
        return Directory.EnumerateFileSystemEntries(folder, "*", options)
            .Select(entry => Ownership.Of(entry) switch
            {
                null => null,
                { IsLink: true } => Fault(what, entry),
                { } found => Judge(what, entry, found, last: true),
            })
            .FirstOrDefault(found => found is not null);
    }

    private string? Judge(string what, string path, Ownership found, bool last) =>
        Foreign(found) ? Owned(what, path, found)
        : found.OthersMayWrite && (last || !found.IsSticky) ? Writable(what, path)
        : null;

    private bool Foreign(Ownership found) => found.User != server && found.User != Ownership.Root;

    private static IEnumerable<string> Parts(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".");

    private string Owned(string what, string path, Ownership found) =>
        $"{Place(what, path)} belongs to {SystemUsers.Name(found.User)}, who could change it. It must belong to root or to {SystemUsers.Name(server)}. Run: chown root {path}";

    private static string Writable(string what, string path) =>
        $"{Place(what, path)} may be written by its group or by anybody. Run: chmod go-w {path}";

    private static string Place(string what, string path) => $"{char.ToUpperInvariant(what[0])}{what[1..]} is not out of other users' reach: {path}";
}
