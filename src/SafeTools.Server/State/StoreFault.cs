using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace SafeTools.Server.State;

/// <summary>Why the store refuses, in words that may be shown to anybody. SQLite's own words stay in the inner exception, for the log.</summary>
internal static class StoreFault
{
    public static StoreException Of(SqliteException exception) => new(
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
        exception);

    public static StoreException Edited(string message, Exception? exception = null) => new(RefusalCatalog.AuditBroken.Because(message), exception);
}
