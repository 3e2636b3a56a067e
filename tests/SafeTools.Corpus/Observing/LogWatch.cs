using System.Text.RegularExpressions;
using SafeTools.Clusters;

namespace SafeTools.Corpus.Observing;

/// <summary>Reads what a server adds to its log: how much, whether another role connected, and whether something crashed.</summary>
/// <param name="role">Who connects for the tool; the observers are the superuser that made the cluster.</param>
internal sealed partial class LogWatch(PostgresCluster cluster, string role) : IWatch
{
    /// <summary>In bytes, of one entry.</summary>
    public const long Most = 1024 * 1024;

    private long? _read;

    public async Task<IReadOnlyList<Sighting>> Look(CancellationToken cancellationToken)
    {
        await using var log = new FileStream(cluster.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var (from, length) = (_read ?? log.Length, log.Length);
        _read = length;
        if (length - from > Most)
        {
            return [new Sighting(Sense.Log, $"grew by {(length - from) / 1024} KB")];
        }

        log.Position = from;
        var news = new byte[length - from];
        await log.ReadExactlyAsync(news, cancellationToken);
        var text = System.Text.Encoding.UTF8.GetString(news);
        return
        [
            .. Connected().Matches(text).Select(match => match.Groups["user"].Value).Where(user => user != role && user != PostgresCluster.Superuser).Distinct()
                .Select(user => new Sighting(Sense.Network, $"somebody connected as {user}")),
            .. Crash().Matches(text).Select(match => new Sighting(Sense.Log, match.Value)),
        ];
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [GeneratedRegex(@"connection authorized: user=(?<user>\S+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Connected();

    [GeneratedRegex(@"was terminated by signal \d+|PANIC:|all server processes terminated", RegexOptions.CultureInvariant)]
    private static partial Regex Crash();
}
