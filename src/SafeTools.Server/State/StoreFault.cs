using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace SafeTools.Server.State;

/// <summary>Why the store refuses, in words that may be shown to anybody. SQLite's own words stay in the inner exception, for the log.</summary>
internal static class StoreFault
{
    /// <param name="exception">What SQLite says.</param>
    /// <param name="folder">The state folder, for the person who opens it at the command line; null in the middle of serving.</param>
    public static StoreException Of(SqliteException exception, string? folder = null) => new(
        RefusalCatalog.StateUnavailable.Because(exception.SqliteErrorCode switch
        {
            raw.SQLITE_FULL => "The disk that holds the state store is full.",
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "Another process has held the state store for too long.",
            raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH or raw.SQLITE_CANTOPEN => "The state store cannot be opened for writing.",
            raw.SQLITE_IOERR => "The disk that holds the state store fails.",
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => "The state store's file is damaged.",
            raw.SQLITE_NOMEM => "There is not enough memory to use the state store.",
            _ => "The state store cannot be used.",
        }),
        exception)
    {
        Advice = folder is null ? null : Advice(exception.SqliteErrorCode, folder),
    };

    private static string Advice(int code, string folder) => code switch
    {
        raw.SQLITE_FULL => $"Free space on the disk that holds {folder}.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"Find what holds {StoreFile(folder)}: fuser {StoreFile(folder)}",
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH or raw.SQLITE_CANTOPEN => $"{folder} and the files in it must be writable by this user, on a disk that is not read-only.",
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => $"Put a copy of {StoreFile(folder)} back, or name another folder with --state.",
        _ => $"{RefusalCatalog.StateUnavailable.Remedy} It is {folder}.",
    };

    private static string StoreFile(string folder) => Path.Combine(folder, StoreFolder.FileName);

    public static StoreException Edited(string message, Exception? exception = null) => new(RefusalCatalog.AuditBroken.Because(message), exception);
}
