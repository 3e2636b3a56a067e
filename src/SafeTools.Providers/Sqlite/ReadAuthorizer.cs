using SQLitePCL;

namespace SafeTools.Providers.Sqlite;

/// <summary>
/// Layer 3: SQLite asks it about everything that a statement would do (sqlite.org/c3ref/set_authorizer.html), views and virtual tables included.
/// What is not listed here is denied.
/// </summary>
internal sealed class ReadAuthorizer
{
    private const string Schema = "sqlite_master";

    /// <summary>Tables that exist without being in the schema. Any other (pragma_…, sqlite_dbpage, dbstat, fsdir) is denied.</summary>
    private static readonly HashSet<string> TableFunctions = new(StringComparer.OrdinalIgnoreCase) { "json_each", "json_tree" };

    /// <summary>What full-text tables ask by themselves. Only the question is allowed, and only they can put it: a statement cannot begin with PRAGMA.</summary>
    private static readonly HashSet<string> InternalPragmas = new(StringComparer.OrdinalIgnoreCase) { "data_version", "page_size" };

    private readonly HashSet<string> _modules = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _tables = new(StringComparer.OrdinalIgnoreCase) { Schema, "sqlite_schema" };

    /// <summary>The first thing that was denied, in words; null while nothing was.</summary>
    public string? Denied { get; private set; }

    /// <summary>How often functions occur whose work grows with the product of their arguments.</summary>
    public int SearchingCalls { get; private set; }

    public int MatchingCalls { get; private set; }

    public static ReadAuthorizer Guard(sqlite3 database)
    {
        var authorizer = new ReadAuthorizer();
        strdelegate_authorizer ask = (_, action, first, second, schema, _) => authorizer.Allows(action, first, second, schema) ? raw.SQLITE_OK : raw.SQLITE_DENY;
        raw.sqlite3_set_authorizer(database, ask, null);
        return authorizer;
    }

    /// <summary>Names a table or view that the schema holds.</summary>
    public void Know(string table) => _tables.Add(table);

    /// <summary>Names a module of the engine: it can stand in a FROM clause without being in the schema.</summary>
    public void Forbid(string module) => _modules.Add(module);

    private bool Allows(int action, string? first, string? second, string? schema)
    {
        var denied = action switch
        {
            raw.SQLITE_SELECT or raw.SQLITE_RECURSIVE => null,
            raw.SQLITE_READ => Table(first ?? "", second ?? "", schema),
            raw.SQLITE_FUNCTION => Function(second ?? ""),
            raw.SQLITE_PRAGMA => first is not null && second is null && InternalPragmas.Contains(first) ? null : "PRAGMA",
            raw.SQLITE_ATTACH => "ATTACH",
            raw.SQLITE_DETACH => "DETACH",
            raw.SQLITE_TRANSACTION or raw.SQLITE_SAVEPOINT => "a transaction",
            _ => "writing",
        };
        Denied ??= denied;
        return denied is null;
    }

    private string? Table(string name, string column, string? schema)
    {
        if ((schema is null or "" or "main") && (_tables.Contains(name) || TableFunctions.Contains(name)))
            return null;
        if (name.StartsWith("pragma_", StringComparison.OrdinalIgnoreCase))
            return "PRAGMA";

        // Where no column is read (count(*)), the engine also asks about the names of common table expressions and subqueries.
        return column.Length == 0 && (schema is null or "" or "main") && !_modules.Contains(name) ? null : "an internal table";
    }

    private string? Function(string name)
    {
        if (!AllowedFunctions.Contains(name))
            return name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? $"the function {name}" : "a function";
        if (AllowedFunctions.Searches(name))
            SearchingCalls++;
        if (AllowedFunctions.Matches(name))
            MatchingCalls++;
        return null;
    }
}
