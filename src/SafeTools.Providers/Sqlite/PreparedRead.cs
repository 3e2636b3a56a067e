using System.Diagnostics.CodeAnalysis;
using System.Text;
using SQLitePCL;

namespace SafeTools.Providers.Sqlite;

/// <summary>Layer 4: exactly one statement, which only reads and has an answer. Judged by its text before the engine compiles it, and by the engine after.</summary>
internal static class PreparedRead
{
    /// <summary>In UTF-16 code units.</summary>
    public const int LongestStatement = 16 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What the text alone shows; null where nothing speaks against it.</summary>
    public static Refusal? Judge(string sql)
    {
        if (sql.Length > LongestStatement)
            return RefusalCatalog.StatementTooCostly.Because("The statement is longer than 16 KiB.");
        if (sql.Contains('\0', StringComparison.Ordinal) || !IsWellFormed(sql))
            return RefusalCatalog.InvalidStatement.Because("The statement holds a NUL character or broken Unicode.");
        var tokens = StatementText.Tokens(sql).ToList();
        var end = tokens.FindIndex(token => token.Kind == TokenKind.Semicolon);
        if (tokens.Count == 0 || end == 0 || (end > 0 && tokens.Skip(end).Any(token => token.Kind != TokenKind.Semicolon)))
            return NotOne();
        return BeginsLikeARead(tokens) ? null : RefusalCatalog.NotARead.Because("Only SELECT, VALUES, WITH … SELECT and EXPLAIN QUERY PLAN are allowed.");
    }

    /// <summary>Compiles the statement. The caller disposes it, and says why by <paramref name="fault"/> where the engine refuses.</summary>
    public static bool TryPrepare(
        sqlite3 database, string sql, Func<int, Refusal> fault, [NotNullWhen(true)] out sqlite3_stmt? statement, [NotNullWhen(false)] out Refusal? refusal)
    {
        statement = null;
        refusal = Judge(sql);
        if (refusal is not null)
            return false;
        var code = raw.sqlite3_prepare_v3(database, Strict.GetBytes(sql), 0, out var prepared, out var tail);
        refusal = code != raw.SQLITE_OK ? fault(code) : Judge(prepared, Strict.GetString(tail));
        if (refusal is not null)
        {
            prepared.Dispose();
            return false;
        }

        statement = prepared;
        return true;
    }

    private static Refusal? Judge(sqlite3_stmt prepared, string tail)
    {
        if (prepared.IsInvalid || StatementText.HoldsMore(tail))
            return NotOne();
        if (raw.sqlite3_stmt_readonly(prepared) == 0 || raw.sqlite3_column_count(prepared) == 0)
            return RefusalCatalog.NotARead.Because("The statement does not only read.");
        if (raw.sqlite3_stmt_isexplain(prepared) == 1)
            return RefusalCatalog.NotARead.Because("EXPLAIN shows the engine's program; EXPLAIN QUERY PLAN is allowed.");
        return raw.sqlite3_column_count(prepared) > EngineHardening.MostColumns
            ? RefusalCatalog.StatementTooCostly.Because($"The answer has more than {EngineHardening.MostColumns} columns.")
            : null;
    }

    private static bool BeginsLikeARead(List<Token> tokens)
    {
        var words = tokens.TakeWhile(token => token.Kind == TokenKind.Word).Take(3).Select(token => token.Text.ToUpperInvariant()).ToList();
        var first = words is ["EXPLAIN", "QUERY", "PLAN"] ? tokens.Skip(3).FirstOrDefault().Text?.ToUpperInvariant() : words.FirstOrDefault();
        return first is "SELECT" or "VALUES" or "WITH";
    }

    private static bool IsWellFormed(string sql)
    {
        try
        {
            return Strict.GetByteCount(sql) >= 0;
        }
        catch (EncoderFallbackException)
        {
            return false;
        }
    }

    private static Refusal NotOne() => RefusalCatalog.NotOneStatement.Because("Send exactly one statement; after it only a semicolon and comments may follow.");
}
