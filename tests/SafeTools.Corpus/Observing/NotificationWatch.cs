using System.Text.RegularExpressions;
using SafeTools.Clusters;
using SafeTools.Corpus.Entries;
using SafeTools.Corpus.Grounds;

namespace SafeTools.Corpus.Observing;

/// <summary>Another application that listens on the channels that statements name.</summary>
internal sealed partial class NotificationWatch : IWatch
{
    private readonly ObserverSession _session;
    private int _heard;

    private NotificationWatch(ObserverSession session)
    {
        _session = session;
        session.Connection.Notification += (_, _) => Interlocked.Increment(ref _heard);
    }

    public static async Task<NotificationWatch> Open(PostgresCluster primary, IEnumerable<Entry> entries, CancellationToken cancellationToken)
    {
        var watch = new NotificationWatch(await ObserverSession.Open(primary, Ground.Database, cancellationToken));
        foreach (var channel in Channels(entries))
        {
            await watch._session.Rows($"listen \"{channel}\"", cancellationToken);
        }

        return watch;
    }

    public async Task<IReadOnlyList<Sighting>> Look(CancellationToken cancellationToken)
    {
        // Whatever was sent before this statement arrives before its end.
        await _session.Rows("select 1", cancellationToken);
        return Interlocked.Exchange(ref _heard, 0) is var heard and > 0 ? [new Sighting(Sense.Notifications, $"{heard} delivered")] : [];
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    internal static IEnumerable<string> Channels(IEnumerable<Entry> entries) =>
        entries.SelectMany(entry => Channel().Matches(entry.Sql)).Select(match => match.Groups["name"].Value).Append("ch").Distinct(StringComparer.Ordinal);

    [GeneratedRegex(@"(\bnotify\s+|\bpg_notify\s*\(\s*')(?<name>[a-z_][a-z0-9_]*)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Channel();
}
