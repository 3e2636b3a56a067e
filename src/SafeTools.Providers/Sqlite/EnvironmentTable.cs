using SQLitePCL;

namespace SafeTools.Providers.Sqlite;

/// <summary>
/// The database's own word about its environment: the rows of <c>safetools_environment(name text)</c>. Whoever can write the database can write it;
/// an agent that has only SafeTools cannot.
/// </summary>
internal static class EnvironmentTable
{
    public const string Source = "table safetools_environment in the database";

    private const int MostRows = 16;
    private const int LongestName = 64;

    /// <summary>No names where the table is missing, empty, odd or unreadable. Only an ordinary table counts: a view or a virtual table computes.</summary>
    public static EnvironmentEvidence Read(ReadOnlyDatabase database)
    {
        var ordinary = false;
        var missing = database.Run(
            "select 1 from sqlite_schema where type = 'table' and rootpage > 0 and name = 'safetools_environment' collate nocase", _ => ordinary = true);
        if (missing is not null || !ordinary)
            return Nothing;

        var names = new List<string>();
        var odd = false;
        var unreadable = database.Run(
            $"select name from safetools_environment limit {MostRows + 1}",
            row =>
            {
                if (Name(row) is { } name)
                    names.Add(name);
                else
                    odd = true;
            });
        return odd || unreadable is not null || names.Count > MostRows ? Nothing : new EnvironmentEvidence(names, Source);
    }

    private static EnvironmentEvidence Nothing { get; } = new([], Source);

    private static string? Name(sqlite3_stmt row)
    {
        if (raw.sqlite3_column_type(row, 0) != raw.SQLITE_TEXT || raw.sqlite3_column_bytes(row, 0) is < 1 or > LongestName)
            return null;
        var name = raw.sqlite3_column_text(row, 0).utf8_to_string();
        return name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? name : null;
    }
}
