using SafeTools.Clusters;
using SafeTools.Corpus.Grounds;

namespace SafeTools.Corpus.Observing;

/// <summary>Samples the locks of all sessions under attack, and waits after each answer until the server works on nothing of theirs any more.</summary>
internal sealed class LockWatch : IWatch
{
    /// <summary>How long the server may take to stop what was answered.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Locks that a plain SELECT does not take, except the one on its database's row (class 1262) that every session holds while it starts.
    /// No name is looked up: whoever locks a catalogue must not stop the observer.
    /// </summary>
    private const string Strong =
        """
        select distinct l.locktype || ' ' || l.mode || coalesce(' on ' || l.relation, '') || case when l.granted then '' else ' (waiting)' end
        from pg_locks l join pg_stat_get_activity(null) a on a.pid = l.pid
        where a.application_name <> $1 and a.backend_type <> 'walsender'
          and (l.locktype in ('relation', 'page', 'object') and l.mode <> 'AccessShareLock' and l.classid is distinct from 1262
               or l.locktype in ('advisory', 'userlock', 'tuple', 'transactionid', 'spectoken'))
        """;

    private const string Busy =
        """
        select string_agg(distinct left(query, 60), '; ') from pg_stat_activity
        where backend_type in ('client backend', 'parallel worker') and state = 'active' and datname = $1 and application_name <> all (array[$2, $3])
        having count(*) > 0
        """;

    private readonly ObserverSession _looking;
    private readonly ObserverSession _sampling;
    private readonly Lock _gate = new();
    private readonly Beat _beat;
    private HashSet<string> _seen = [];
    private bool _taken;

    private LockWatch(ObserverSession looking, ObserverSession sampling)
    {
        (_looking, _sampling) = (looking, sampling);
        _beat = new Beat(TimeSpan.FromMilliseconds(5), Sample);
    }

    /// <param name="cluster">The server that the tool connects to.</param>
    public static async Task<LockWatch> Open(PostgresCluster cluster, CancellationToken cancellationToken) =>
        new(await ObserverSession.Open(cluster, "postgres", cancellationToken), await ObserverSession.Open(cluster, "postgres", cancellationToken));

    public async Task<IReadOnlyList<Sighting>> Look(CancellationToken cancellationToken)
    {
        _beat.ThrowIfEnded();
        var sightings = new List<Sighting>();
        if (_taken && await Lingers(cancellationToken) is { } query)
        {
            sightings.Add(new Sighting(Sense.Lingering, $"the server is still at: {query}"));
        }

        // Whatever is held now was not let go.
        await Sample(_looking, cancellationToken);
        lock (_gate)
        {
            (var seen, _seen) = (_seen, []);
            if (_taken && seen.Count > 0)
            {
                sightings.Add(new Sighting(Sense.Locks, string.Join(", ", seen.Order(StringComparer.Ordinal).Take(5))));
            }
        }

        _taken = true;
        return sightings;
    }

    public async ValueTask DisposeAsync()
    {
        await _beat.DisposeAsync();
        await _looking.DisposeAsync();
        await _sampling.DisposeAsync();
    }

    private Task Sample(CancellationToken cancellationToken) => Sample(_sampling, cancellationToken);

    private async Task Sample(ObserverSession session, CancellationToken cancellationToken)
    {
        var rows = await session.Rows(Strong, cancellationToken, ObserverSession.Application);
        lock (_gate)
        {
            _seen.UnionWith(rows.Select(row => row[0]));
        }
    }

    private async Task<string?> Lingers(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Grace);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var busy = await _looking.Rows(Busy, cancellationToken, Ground.Database, ObserverSession.Application, BystanderWatch.Application);
            if (busy.Count == 0)
            {
                return null;
            }

            try
            {
                await timer.WaitForNextTickAsync(patience.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return busy[0][0];
            }
        }
    }
}
