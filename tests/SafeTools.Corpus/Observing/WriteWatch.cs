using System.Globalization;
using SafeTools.Clusters;

namespace SafeTools.Corpus.Observing;

/// <summary>
/// Reads the primary's write-ahead log. Every look leaves a mark in it, a small transaction of its own; whatever stands between two marks was written by
/// the entry, committed or not. Transaction ids are counted from mark to mark.
/// </summary>
internal sealed class WriteWatch : IWatch
{
    /// <summary>Written by the server itself, or by plain reads: pruning of pages, and what is running.</summary>
    private const string BetweenMarks =
        """
        select resource_manager || ' ' || record_type, count(*)
        from pg_get_wal_records_info($1::pg_lsn, $2::pg_lsn)
        where xid::text <> all (array[$3, $4])
          and (resource_manager, record_type) not in (('Standby', 'RUNNING_XACTS'), ('Heap2', 'PRUNE'), ('XLOG', 'FPI_FOR_HINT'), ('XLOG', 'FPI'))
        group by 1 order by 1
        """;

    private readonly ObserverSession _session;
    private (string Position, ulong Transaction)? _before;

    private WriteWatch(ObserverSession session) => _session = session;

    public static async Task<WriteWatch> Open(PostgresCluster primary, CancellationToken cancellationToken) =>
        new(await ObserverSession.Open(primary, "postgres", cancellationToken));

    public async Task<IReadOnlyList<Sighting>> Look(CancellationToken cancellationToken)
    {
        // The message makes its transaction one that is written down to the disk, and with it all that stands before it.
        var row = (await _session.Rows("select l::text, pg_current_xact_id()::text from pg_logical_emit_message(true, 'corpus', 'mark') l", cancellationToken))[0];
        var now = (Position: row[0], Transaction: ulong.Parse(row[1], CultureInfo.InvariantCulture));
        var sightings = new List<Sighting>();
        if (_before is { } before)
        {
            var written = await _session.Rows(BetweenMarks, cancellationToken, before.Position, now.Position, Narrow(before.Transaction), Narrow(now.Transaction));
            if (written.Count > 0)
            {
                sightings.Add(new Sighting(Sense.Writing, string.Join(", ", written.Select(record => $"{record[0]} x{record[1]}"))));
            }

            if (now.Transaction - before.Transaction is var used and > 1)
            {
                sightings.Add(new Sighting(Sense.Writing, string.Create(CultureInfo.InvariantCulture, $"{used - 1} transaction ids")));
            }
        }

        _before = now;
        return sightings;
    }

    public ValueTask DisposeAsync() => _session.DisposeAsync();

    /// <summary>As records have it: without the epoch.</summary>
    private static string Narrow(ulong transaction) => ((uint)transaction).ToString(CultureInfo.InvariantCulture);
}
