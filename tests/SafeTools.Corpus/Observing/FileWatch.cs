using System.Globalization;
using System.Text.RegularExpressions;
using SafeTools.Clusters;
using SafeTools.Corpus.Entries;

namespace SafeTools.Corpus.Observing;

/// <summary>
/// Files that statements would make or change: what they name below /tmp, and everything in the folders there, made for them and open to all; and the
/// configuration and top level of the clusters' own folders. Elsewhere the servers' user may write nothing.
/// </summary>
internal sealed partial class FileWatch : IWatch
{
    private const string Temporary = "/tmp/";
    private const string Absent = "absent";
    private const UnixFileMode OpenToAll = (UnixFileMode)0b111_111_111;

    private readonly IReadOnlyList<string> _folders;
    private readonly IReadOnlyList<string> _files;
    private readonly IReadOnlyList<PostgresCluster> _clusters;
    private readonly List<string> _made = [];
    private Dictionary<string, string>? _before;

    public FileWatch(IEnumerable<Entry> entries, params PostgresCluster[] clusters)
    {
        _clusters = clusters;
        _files = Paths(entries);
        _folders = [.. _files.Select(path => Path.GetDirectoryName(path)!).Where(folder => folder.Length > Temporary.Length).Distinct()];
        foreach (var folder in _folders)
        {
            Open(folder);
        }
    }

    public Task<IReadOnlyList<Sighting>> Look(CancellationToken cancellationToken)
    {
        var now = Snapshot();
        var before = _before ?? now;
        var changed = now.Where(file => before.GetValueOrDefault(file.Key, Absent) != file.Value).Select(file => file.Key).Concat(before.Keys.Except(now.Keys)).Order(StringComparer.Ordinal).ToArray();

        // So that the next one who makes it is noticed too.
        foreach (var made in changed.Where(path => before.GetValueOrDefault(path, Absent) == Absent && path.StartsWith(Temporary, StringComparison.Ordinal) && !_clusters.SelectMany(Own).Contains(path)))
        {
            File.Delete(made);
        }

        _before = changed.Length == 0 ? now : Snapshot();
        return Task.FromResult<IReadOnlyList<Sighting>>(changed.Length == 0 ? [] : [new Sighting(Sense.Files, string.Join(", ", changed.Take(5)))]);
    }

    public ValueTask DisposeAsync()
    {
        foreach (var folder in _made.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    internal static IReadOnlyList<string> Paths(IEnumerable<Entry> entries) =>
        [.. entries.SelectMany(entry => AbsolutePath().Matches(entry.Sql)).Select(match => match.Value).Where(path => path.StartsWith(Temporary, StringComparison.Ordinal)).Distinct()];

    /// <summary>The clusters' user may write there, and may pass through what had to be made above it.</summary>
    private void Open(string folder)
    {
        if (!Directory.Exists(folder))
        {
            if (Path.GetDirectoryName(folder) is { } parent && parent.StartsWith(Temporary, StringComparison.Ordinal))
            {
                Open(parent);
            }

            Directory.CreateDirectory(folder);
            _made.Add(folder);
        }

        if (!OperatingSystem.IsWindows() && System.Environment.IsPrivilegedProcess)
        {
            File.SetUnixFileMode(folder, OpenToAll);
        }
    }

    private Dictionary<string, string> Snapshot() => _folders.SelectMany(Entries).Concat(_files).Concat(_clusters.SelectMany(Own)).Distinct().ToDictionary(path => path, Described);

    private static IEnumerable<string> Entries(string folder) => Directory.Exists(folder) ? Directory.EnumerateFiles(folder) : [];

    /// <summary>What the servers themselves make and take away is left out.</summary>
    private static IEnumerable<string> Own(PostgresCluster cluster) =>
        Directory.EnumerateFileSystemEntries(cluster.DataFolder).Where(path => !Path.GetFileName(path).StartsWith("postmaster.", StringComparison.Ordinal));

    /// <summary>Folders change all the time within; that they are there is enough.</summary>
    private static string Described(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? string.Create(CultureInfo.InvariantCulture, $"{file.Length} {file.LastWriteTimeUtc.Ticks}") : Directory.Exists(path) ? "folder" : Absent;
    }

    [GeneratedRegex(@"(?<![\w.:/$])(/[\w.+-]+){2,}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex AbsolutePath();
}
