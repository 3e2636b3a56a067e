using System.Globalization;
using System.Text.RegularExpressions;
using SQLitePCL;

namespace SafeTools.Providers.Sqlite;

/// <summary>
/// SQLite's errors as refusals (sqlite.org/rescode.html). Its texts may hold data or paths, so only a plain identifier of a known message is passed on.
/// </summary>
internal static partial class EngineFault
{
    /// <summary>sqlite.org/rescode.html#cantopen_symlink</summary>
    private const int CannotOpenSymbolicLink = raw.SQLITE_CANTOPEN | (6 << 8);

    private static readonly string[] TooComplex =
    [
        "Expression tree is too large", "parser stack overflow", "too many ", "at most ", "LIKE or GLOB pattern too complex", "string or blob too big",
        "statement too long", "parser stack",
    ];

    /// <summary>Said by the engine before it asks the authorizer: SQLITE_DBCONFIG_TRUSTED_SCHEMA, SQLITE_DBCONFIG_DEFENSIVE.</summary>
    private static readonly string[] Forbidden = ["unsafe use of ", " may not be modified", "not authorized"];

    public static Refusal TookTooLong(TimeSpan time) =>
        RefusalCatalog.TimedOut.Because(string.Create(CultureInfo.InvariantCulture, $"The statement was stopped after {time.TotalSeconds:0.###} s."));

    /// <summary>The connection's last error.</summary>
    public static Refusal Of(sqlite3 database, int code) =>
        Of(raw.sqlite3_extended_errcode(database) is var extended and not raw.SQLITE_OK ? extended : code, raw.sqlite3_errmsg(database).utf8_to_string() ?? "");

    public static Refusal Of(int code, string message)
    {
        if (code == CannotOpenSymbolicLink)
            return RefusalCatalog.ResourceUnavailable.Because("The database is reached through a symbolic link, which is not followed.");
        return (code & 0xFF) switch
        {
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => RefusalCatalog.ResourceUnavailable.Because("The database is locked by a writer."),
            raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => RefusalCatalog.ResourceUnavailable.Because("The database cannot be opened for reading."),
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => RefusalCatalog.ResourceUnavailable.Because("The file is not a database, or is damaged."),
            raw.SQLITE_IOERR or raw.SQLITE_FULL or raw.SQLITE_PROTOCOL => RefusalCatalog.ResourceUnavailable.Because("The database could not be read."),
            raw.SQLITE_READONLY when code != raw.SQLITE_READONLY =>
                RefusalCatalog.ResourceUnavailable.Because("The database was left in the middle of a write and needs its own application to recover it."),
            raw.SQLITE_READONLY or raw.SQLITE_AUTH => RefusalCatalog.NotARead.Because("The statement is not allowed here: it only reads."),
            raw.SQLITE_TOOBIG or raw.SQLITE_NOMEM => TooCostly(),
            _ when Forbidden.Any(part => message.Contains(part, StringComparison.Ordinal)) =>
                RefusalCatalog.NotARead.Because("The statement, or a view that it uses, needs something that is not allowed when only reading."),
            _ => TooComplex.Any(start => message.StartsWith(start, StringComparison.Ordinal))
                ? TooCostly()
                : RefusalCatalog.InvalidStatement.Because(InWords(message)),
        };
    }

    private static Refusal TooCostly() =>
        RefusalCatalog.StatementTooCostly.Because("The statement, or a value it makes, is larger or more complex than the limits allow.");

    private static string InWords(string message)
    {
        var match = Known().Match(message);
        if (!match.Success)
            return message == "incomplete input" ? "The statement is incomplete." : "The engine does not understand the statement or cannot run it.";
        var name = match.Groups["name"].Value;
        return match.Groups["what"].Value switch
        {
            "no such table: " => $"There is no table named {name}.",
            "no such column: " => $"There is no column named {name}.",
            "no such function: " => $"There is no function named {name}.",
            "ambiguous column name: " => $"The column name {name} is ambiguous.",
            _ => $"There is a syntax error near {name}.",
        };
    }

    [GeneratedRegex(
        @"^(?<what>no such table: |no such column: |no such function: |ambiguous column name: |near "")(?<name>[A-Za-z0-9_.]{1,128})("": syntax error)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Known();
}
