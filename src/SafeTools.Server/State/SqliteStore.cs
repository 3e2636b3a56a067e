using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace SafeTools.Server.State;

/// <summary>
/// The store in one SQLite file (docs/state.md). One connection, one user of it at a time; other processes are kept apart by SQLite's write lock.
/// Remembers the newest entry that it has seen: when that entry is gone or other than it was, the store was replaced or edited, and everything refuses.
/// </summary>
internal sealed partial class SqliteStore : IStore
{
    /// <summary>How far the clock may stand behind the newest entry.</summary>
    private static readonly TimeSpan ClockSlack = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan BusyWait = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How many of these waits opening takes at most: an editor starts several servers at once, and who makes a new file a WAL
    /// turns the others away without a wait (https://sqlite.org/wal.html, "Sometimes Queries Return SQLITE_BUSY In WAL Mode").
    /// </summary>
    private const int OpeningWaits = 6;

    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(50);

    /// <summary>One opens at a time in this process, so that a file is never made, opened and closed while SQLite holds locks on it.</summary>
    private static readonly SemaphoreSlim Opening = new(1, 1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Database _database;
    private readonly TimeProvider _clock;
    private readonly AuditTable _audit;
    private readonly ActionTable _actions;
    private readonly DecisionTable _decisions;
    private readonly NonceTable _nonces;
    private readonly PolicyTable _policies;
    private (long Sequence, string Hash) _seen;
    private uint _writes;
    private bool _closed;

    private SqliteStore(Database database, TimeProvider clock)
    {
        (_database, _clock) = (database, clock);
        (_audit, _actions, _decisions) = (new AuditTable(database), new ActionTable(database), new DecisionTable(database));
        (_nonces, _policies) = (new NonceTable(database), new PolicyTable(database));
    }

    public string Id { get; private set; } = "";

    public static Task<SqliteStore> Open(string folder, TimeProvider clock, CancellationToken cancellationToken) =>
        Open(folder, clock, BusyWait, cancellationToken);

    /// <param name="folder">Made with mode 0700 where it is missing.</param>
    /// <param name="clock">What now is.</param>
    /// <param name="busy">How long to wait for another process's transaction.</param>
    /// <param name="cancellationToken">Honoured before it starts.</param>
    /// <exception cref="StoreException">Others may use the folder, the file is not a store, or it was edited.</exception>
    public static async Task<SqliteStore> Open(string folder, TimeProvider clock, TimeSpan busy, CancellationToken cancellationToken)
    {
        await Opening.WaitAsync(cancellationToken);
        try
        {
            var began = Stopwatch.GetTimestamp();
            while (true)
            {
                try
                {
                    return Opened(new Database(StoreFolder.Prepare(folder), busy), clock);
                }
                catch (SqliteException exception) when (exception.SqliteErrorCode == raw.SQLITE_BUSY && Stopwatch.GetElapsedTime(began) < busy * OpeningWaits)
                {
                    await Task.Delay(Retry, cancellationToken);
                }
            }
        }
        catch (SqliteException exception)
        {
            throw StoreFault.Of(exception, folder);
        }
        finally
        {
            Opening.Release();
        }
    }

    private static SqliteStore Opened(Database database, TimeProvider clock)
    {
        try
        {
            var store = new SqliteStore(database, clock);
            store.Start();
            return store;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public Task<long> Version(CancellationToken cancellationToken) =>
        Read(() => (_database.Number("pragma data_version") << 32) | _writes, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        _closed = true;
        _database.Dispose();
        _turn.Release();
    }

    private void Start() => _database.Transaction(write: true, () =>
    {
        if (StoreSchema.Ensure(_database))
        {
            Id = Identifier.NewStore();
            _database.Execute("insert into meta (name, value) values ('store', @id)", ("@id", Id));
            var change = new StoreChange(_audit, null, DateTimeOffset.FromUnixTimeMilliseconds(_clock.GetUtcNow().ToUnixTimeMilliseconds()));
            change.Append(AuditDrafts.StoreCreated(Id));
            _seen = change.Head;
            return true;
        }

        var created = _audit.From(1, most: 1);
        Id = _database.Rows("select value from meta where name = 'store'", row => row.GetString(0)) is [var id] ? id : "";
        if (created is not [var first] || first.Kind != AuditKind.StoreCreated.Word() || first.BodyJson["store"]?.ToString() != Id || _audit.Newest() is not { } head)
        {
            throw StoreFault.Edited("The audit does not begin with the making of this store.");
        }

        _seen = (head.Sequence, head.Hash);
        _ = Head();
        return false;
    });

    /// <summary>
    /// The newest entry, after checking that the newest one seen before is still there as it was and that all since then follow from it.
    /// Called inside a transaction.
    /// </summary>
    private AuditEntry Head()
    {
        if (_database.HasMoved)
        {
            throw StoreFault.Edited("The state store's file was deleted or replaced while it was in use.");
        }

        if (_database.HasLostItsLog)
        {
            throw StoreFault.Edited("The state store's log was deleted or replaced while it was in use.");
        }

        AuditEntry? before = null;
        foreach (var entry in _audit.From(_seen.Sequence))
        {
            var fault = before is { } known
                ? AuditChain.Fault((known.Sequence, known.Hash, known.Time), entry)
                : AuditChain.Fault((_seen.Sequence - 1, entry.Previous, entry.Time), entry) ?? (entry.Hash == _seen.Hash ? null : "the newest entry was replaced");
            if (fault is not null)
            {
                throw StoreFault.Edited($"The state store was edited or replaced: {fault}.");
            }

            before = entry;
        }

        _seen = before is null
            ? throw StoreFault.Edited("The state store was edited or replaced: the newest entry is missing.")
            : (before.Sequence, before.Hash);
        return before;
    }

    private DateTimeOffset Now(AuditEntry head)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(_clock.GetUtcNow().ToUnixTimeMilliseconds());
        return now < head.Time - ClockSlack
            ? throw new StoreException(RefusalCatalog.ClockWentBack.Because("The clock stands before the newest audit entry."))
            : now < head.Time ? head.Time : now;
    }

    /// <summary>One write transaction, committed before it returns.</summary>
    private Task<T> Change<T>(Func<StoreChange, T> work, CancellationToken cancellationToken) => InTurn(
        () =>
        {
            var before = _database.Changes;
            var (result, head) = _database.Transaction(write: true, () =>
            {
                var newest = Head();
                var change = new StoreChange(_audit, newest, Now(newest));
                return (work(change), change.Head);
            });
            _seen = head;
            if (_database.Changes != before)
            {
                _writes++;
            }

            return result;
        },
        cancellationToken);

    private Task<bool> Change(System.Action<StoreChange> work, CancellationToken cancellationToken) => Change(
        change =>
        {
            work(change);
            return true;
        },
        cancellationToken);

    /// <summary>One moment of the store.</summary>
    private Task<T> Read<T>(Func<T> work, CancellationToken cancellationToken) =>
        InTurn(() => _database.Transaction(write: false, work), cancellationToken);

    private async Task<T> InTurn<T>(Func<T> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            cancellationToken.ThrowIfCancellationRequested();
            return work();
        }
        catch (SqliteException exception)
        {
            throw StoreFault.Of(exception);
        }
        finally
        {
            _turn.Release();
        }
    }
}
