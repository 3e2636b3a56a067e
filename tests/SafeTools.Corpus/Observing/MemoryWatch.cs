using System.Collections.Concurrent;
using System.Globalization;
using SafeTools.Clusters;

namespace SafeTools.Corpus.Observing;

/// <summary>The most memory that any session of the clusters ever held, and the tool's own process.</summary>
/// <param name="tool">The process id of the published server; null where the tool runs in this process.</param>
internal sealed class MemoryWatch : IWatch
{
    /// <summary>200 MB beyond what a fresh session maps, which is at most the 64 MB of shared buffers.</summary>
    public const long MostOfASession = (200 + 64) * 1024;

    /// <summary>Of the tool's process.</summary>
    public const long MostOfTheTool = 300 * 1024;

    private readonly IReadOnlyList<PostgresCluster> _clusters;
    private readonly int? _tool;
    private readonly ConcurrentDictionary<int, long> _peaks = new();
    private readonly Beat _beat;

    public MemoryWatch(int? tool, params PostgresCluster[] clusters)
    {
        (_clusters, _tool) = (clusters, tool);
        _beat = new Beat(TimeSpan.FromMilliseconds(10), Sample);
    }

    public Task<IReadOnlyList<Sighting>> Look(CancellationToken cancellationToken)
    {
        _beat.ThrowIfEnded();
        var sightings = new List<Sighting>();
        foreach (var (session, peak) in _peaks.Where(peak => peak.Value > MostOfASession).ToArray())
        {
            sightings.Add(new Sighting(Sense.Memory, $"a session of the database took {peak / 1024} MB"));
            _peaks.TryRemove(session, out _);
        }

        if (_tool is { } tool && Peak(tool) is var own and > MostOfTheTool)
        {
            sightings.Add(new Sighting(Sense.Memory, $"SafeTools took {own / 1024} MB"));
        }

        return Task.FromResult<IReadOnlyList<Sighting>>(sightings);
    }

    public ValueTask DisposeAsync() => _beat.DisposeAsync();

    private Task Sample(CancellationToken cancellationToken)
    {
        foreach (var process in _clusters.SelectMany(Sessions))
        {
            _peaks[process] = Math.Max(Peak(process), _peaks.GetValueOrDefault(process));
        }

        return Task.CompletedTask;
    }

    /// <summary>Sessions are named after user, database and address; the observers' user is the superuser that made the cluster.</summary>
    private static IEnumerable<int> Sessions(PostgresCluster cluster) => Children(cluster.ProcessId).Where(process =>
        Text($"/proc/{process}/cmdline") is var name && name.Contains(" 127.0.0.1(", StringComparison.Ordinal) && !name.StartsWith($"postgres: {PostgresCluster.Superuser} ", StringComparison.Ordinal));

    private static IEnumerable<int> Children(int process) =>
        Text($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture));

    /// <summary>In KB; 0 where the process is gone.</summary>
    private static long Peak(int process)
    {
        var line = Text($"/proc/{process}/status").Split('\n').FirstOrDefault(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line["VmHWM:".Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
    }

    private static string Text(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
