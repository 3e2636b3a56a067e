using SQLitePCL;

namespace SafeTools.Providers.Sqlite;

/// <summary>Layers 2 and 5: how the engine is configured before it reads a byte of the database, and what it may spend.</summary>
internal static class EngineHardening
{
    /// <summary>The largest text, blob or row that a statement may read or make, in bytes.</summary>
    public const int LongestValue = 1024 * 1024;

    /// <summary>The same once a statement uses functions that compare everything with everything, in bytes.</summary>
    public const int LongestSearchedValue = 64 * 1024;

    public const int MostSearches = 32;

    public const int MostColumns = 256;

    /// <summary>Instructions between two looks at the clock.</summary>
    public const int InstructionsBetweenChecks = 500;

    /// <summary>
    /// What SQLite may hold in memory, in bytes, over all connections of the process (sqlite.org/c3ref/hard_heap_limit64.html). Some statements grow
    /// exponentially while they are compiled, where no other limit and no clock reaches; they end here with SQLITE_NOMEM. Sorts and temporary tables count too.
    /// </summary>
    public const long MostMemory = 256L * 1024 * 1024;

    /// <summary>
    /// <c>temp_store</c>: in files a sort could fill the disk, and no limit of the engine reaches those (sqlite.org/pragma.html#pragma_temp_store).
    /// </summary>
    public const long TemporaryInMemory = 2;

    /// <summary>The longest wait for a writer.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);

    // Newer than the binding's constants: sqlite.org/c3ref/c_dbconfig_defensive.html
    private const int EnableAttachCreate = 1020;
    private const int EnableAttachWrite = 1021;

    private static readonly (int Option, int Value)[] Options =
    [
        (raw.SQLITE_DBCONFIG_DEFENSIVE, 1),
        (raw.SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0),
        (raw.SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0),
        (raw.SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0),
        (raw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0),
        (raw.SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0),
        (raw.SQLITE_DBCONFIG_DQS_DML, 0),
        (raw.SQLITE_DBCONFIG_DQS_DDL, 0),
        (raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1),
        (EnableAttachCreate, 0),
        (EnableAttachWrite, 0),
    ];

    private static readonly (int Limit, int Value)[] Limits =
    [
        (raw.SQLITE_LIMIT_LENGTH, LongestValue),
        (raw.SQLITE_LIMIT_SQL_LENGTH, LongestValue),
        (raw.SQLITE_LIMIT_EXPR_DEPTH, 500),
        (raw.SQLITE_LIMIT_COMPOUND_SELECT, 100),
        (raw.SQLITE_LIMIT_VDBE_OP, 100_000),
        (raw.SQLITE_LIMIT_FUNCTION_ARG, 100),
        (raw.SQLITE_LIMIT_ATTACHED, 0),
        (raw.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 256),
        (raw.SQLITE_LIMIT_VARIABLE_NUMBER, 128),
        (raw.SQLITE_LIMIT_TRIGGER_DEPTH, 1),
        (raw.SQLITE_LIMIT_WORKER_THREADS, 0),
    ];

    /// <summary>False where this build of the engine did not take a setting; then it is not used.</summary>
    public static bool Configure(sqlite3 database)
    {
        foreach (var (option, value) in Options)
        {
            if (raw.sqlite3_db_config(database, option, value, out var now) != raw.SQLITE_OK || now != value)
                return false;
        }

        return true;
    }

    /// <summary>False where a limit did not take.</summary>
    public static bool Limit(sqlite3 database)
    {
        if (raw.sqlite3_hard_heap_limit64(-1) is <= 0 or > MostMemory)
            raw.sqlite3_hard_heap_limit64(MostMemory);
        if (raw.sqlite3_hard_heap_limit64(-1) is <= 0 or > MostMemory)
            return false;
        foreach (var (limit, value) in Limits)
        {
            raw.sqlite3_limit(database, limit, value);
            if (raw.sqlite3_limit(database, limit, -1) != value)
                return false;
        }

        return true;
    }

    /// <summary>Makes the engine stop by itself once the deadline is over.</summary>
    public static void Watch(sqlite3 database, Deadline deadline)
    {
        var wait = deadline.Time < LongestWait ? deadline.Time : LongestWait;
        raw.sqlite3_busy_timeout(database, (int)wait.TotalMilliseconds);
        raw.sqlite3_progress_handler(database, InstructionsBetweenChecks, _ => deadline.Over ? 1 : 0, null);
    }
}
