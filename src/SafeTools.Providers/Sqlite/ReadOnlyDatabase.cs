using System.Diagnostics.CodeAnalysis;
using SQLitePCL;

namespace SafeTools.Providers.Sqlite;

/// <summary>
/// One read-only, hardened connection with one snapshot of the database, opened for one call. It never creates, recovers or checkpoints anything.
/// </summary>
internal sealed class ReadOnlyDatabase : IDisposable
{
    /// <summary>
    /// Layer 1: the operating system's handle cannot write, a symbolic link is not followed, and without SQLITE_OPEN_URI a name is only a name.
    /// </summary>
    public const int OpenFlags = raw.SQLITE_OPEN_READONLY | raw.SQLITE_OPEN_NOMUTEX | NoFollow;

    /// <summary>SQLITE_OPEN_NOFOLLOW, newer than the binding's constants: sqlite.org/c3ref/c_open_autoproxy.html</summary>
    private const int NoFollow = 0x01000000;

    private readonly Deadline _deadline;
    private readonly CancellationTokenRegistration _interrupt;

    static ReadOnlyDatabase() => Batteries_V2.Init();

    private ReadOnlyDatabase(sqlite3 handle, Deadline deadline)
    {
        (Handle, _deadline) = (handle, deadline);
        _interrupt = deadline.Token.Register(() => raw.sqlite3_interrupt(handle));
    }

    public sqlite3 Handle { get; }

    public ReadAuthorizer Authorizer { get; private set; } = null!;

    /// <summary>application_id, user_version and schema_version, as sqlite.org/fileformat2.html names them.</summary>
    public IReadOnlyDictionary<string, long> Versions { get; private set; } = new Dictionary<string, long>();

    public EnvironmentEvidence Environment { get; private set; } = new([], EnvironmentTable.Source);

    public static bool TryOpen(
        string path, Deadline deadline, [NotNullWhen(true)] out ReadOnlyDatabase? database, [NotNullWhen(false)] out Refusal? refusal)
    {
        database = null;
        if (!Path.IsPathFullyQualified(path))
        {
            refusal = RefusalCatalog.ResourceUnavailable.Because("The database's path is not absolute.");
            return false;
        }

        refusal = DatabaseFiles.WhyNotPlain(path);
        if (refusal is not null)
            return false;
        var code = raw.sqlite3_open_v2(path, out var handle, OpenFlags, null);
        if (code != raw.SQLITE_OK)
        {
            refusal = EngineFault.Of(handle, code);
            handle.Dispose();
            return false;
        }

        database = new ReadOnlyDatabase(handle, deadline);
        refusal = database.Prepare();
        if (refusal is null)
            return true;
        database.Dispose();
        database = null;
        return false;
    }

    /// <summary>Why the engine stopped. Throws <see cref="OperationCanceledException"/> where the caller gave up.</summary>
    public Refusal Fault(int code)
    {
        if (Authorizer?.Denied is { } denied)
            return RefusalCatalog.NotARead.Because($"The statement would need {denied}; only reading is allowed.");
        if (code != raw.SQLITE_INTERRUPT)
            return EngineFault.Of(Handle, code);
        _deadline.Token.ThrowIfCancellationRequested();
        return EngineFault.TookTooLong(_deadline.Time);
    }

    public void Dispose()
    {
        // Waits for an interrupt that is under way: it must not meet a closed connection.
        _interrupt.Dispose();
        Handle.Dispose();
    }

    /// <summary>Every statement of our own that is not a plain SELECT runs before the authorizer is set, all others after it.</summary>
    private Refusal? Prepare()
    {
        if (!EngineHardening.Configure(Handle) || !EngineHardening.Limit(Handle))
            return RefusalCatalog.NotSupportedHere.Because("This build of SQLite cannot be made safe for reading.");
        EngineHardening.Watch(Handle, _deadline);
        if (Run("pragma temp_store = memory", _ => { }) is { } noMemory)
            return noMemory;
        var temporary = 0L;
        if (Run("pragma temp_store", row => temporary = raw.sqlite3_column_int64(row, 0)) is not null || temporary != EngineHardening.TemporaryInMemory)
            return RefusalCatalog.NotSupportedHere.Because("This build of SQLite cannot be made safe for reading.");

        // One snapshot for the marker and for the answer: a database swapped or remarked in between is not read by mistake.
        if (Run("begin", _ => { }) is { } noSnapshot)
            return noSnapshot;
        var versions = new Dictionary<string, long>();
        foreach (var name in new[] { "application_id", "user_version", "schema_version" })
        {
            if (Run($"pragma {name}", row => versions[name] = raw.sqlite3_column_int64(row, 0)) is { } unreadable)
                return unreadable;
        }

        if (versions["application_id"] == StoreFile.ApplicationId)
            return RefusalCatalog.ResourceUnavailable.Because("The file is not a database that tools may read.");

        var modules = new List<string>();
        if (Run("select name from pragma_module_list", row => modules.Add(raw.sqlite3_column_text(row, 0).utf8_to_string())) is { } noModules)
            return noModules;

        Versions = versions;
        Authorizer = ReadAuthorizer.Guard(Handle);
        modules.ForEach(Authorizer.Forbid);
        var known = Run("select name from sqlite_schema where type in ('table', 'view')", row => Authorizer.Know(raw.sqlite3_column_text(row, 0).utf8_to_string()));
        if (known is null)
            Environment = EnvironmentTable.Read(this);
        return known;
    }

    /// <summary>A statement of our own. An error is a refusal; rows go to <paramref name="row"/>.</summary>
    internal Refusal? Run(string sql, Action<sqlite3_stmt> row)
    {
        var code = raw.sqlite3_prepare_v3(Handle, sql, 0, out var statement);
        using (statement)
        {
            if (code != raw.SQLITE_OK)
                return Fault(code);
            while ((code = raw.sqlite3_step(statement)) == raw.SQLITE_ROW)
                row(statement);
            return code == raw.SQLITE_DONE ? null : Fault(code);
        }
    }
}
