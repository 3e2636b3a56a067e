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

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>Null: out of others' reach. Else what is wrong and what mends it.</summary>
    /// <param name="what">What lies there, for the sentence: "the state folder".</param>
    /// <param name="path">Absolute. Where the end of it does not exist, the folders that do are looked at: nobody else can make it.</param>
    /// <param name="stickyWillDo">Whether the last may be a folder open to all in which nobody removes what is not theirs.</param>
    public string? Fault(string what, string path, bool stickyWillDo = false)
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
                return above.Value.OthersMayWrite ? Writable(what, at, above.Value) : null;
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

        return Judge(what, at, above!.Value, last: !stickyWillDo);
    }

    /// <summary>The same for everything in a folder, and for the folder.</summary>
    public string? FaultWithin(string what, string folder)
    {
        if (Fault(what, folder) is { } fault)
        {
            return fault;
        }

        // Every folder once, whatever links lead to it: however deep, and without end in a circle.
        var seen = new HashSet<string>(StringComparer.Ordinal) { folder };
        var ahead = new Stack<string>(Directory.Exists(folder) ? [folder] : []);
        while (ahead.TryPop(out var at))
        {
            foreach (var entry in Directory.EnumerateFileSystemEntries(at, "*", Everything))
            {
                if (Ownership.Of(entry) is not { } found)
                {
                    continue;
                }

                if ((found.IsLink ? Fault(what, entry) : Judge(what, entry, found, last: true)) is { } open)
                {
                    return open;
                }

                if (Below(entry, found) is { } below && seen.Add(below))
                {
                    ahead.Push(below);
                }
            }
        }

        return null;
    }

    private static string? Below(string entry, Ownership found) =>
        found.IsFolder ? entry
        : found.IsLink && new DirectoryInfo(entry).ResolveLinkTarget(returnFinalTarget: true) is DirectoryInfo { Exists: true } target ? target.FullName
        : null;

    private string? Judge(string what, string path, Ownership found, bool last) =>
        Foreign(found) ? Owned(what, path, found)
        : found.OthersMayWrite && (last || !found.IsSticky) ? Writable(what, path, found)
        : null;

    private bool Foreign(Ownership found) => found.User != server && found.User != Ownership.Root;

    private static IEnumerable<string> Parts(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".");

    private string Owned(string what, string path, Ownership found) =>
        $"{Place(what, path)} belongs to {SystemUsers.Name(found.User)}, who could change it. It must belong to root or to {SystemUsers.Name(server)}. Run: chown root {path}";

    /// <summary>A sticky folder is open on purpose, as /tmp is, and one of root's is root's to decide about.</summary>
    private string Writable(string what, string path, Ownership found) =>
        $"{Place(what, path)} may be written by its group or by anybody. {(found.User == server && !found.IsSticky ? $"Run: chmod go-w {path}" : "Choose a folder of the server's own.")}";

    private static string Place(string what, string path) => $"{char.ToUpperInvariant(what[0])}{what[1..]} is not out of other users' reach: {path}";
}
