using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// Layer b: what a text must be before a byte of it is sent. One statement that begins like a read, short and flat enough that analysing it cannot
/// cost the server much: 3,000 nested sub-selects take 2.2 GB of a backend's memory while they are analysed (infra.md §6).
/// </summary>
internal static class TextCaps
{
    /// <summary>Parentheses inside each other.</summary>
    public const int DeepestNesting = 48;

    public const int MostTokens = 4096;

    /// <summary>Words SELECT, VALUES and TABLE.</summary>
    public const int MostSelects = 64;

    /// <summary>Words CASE, NOT, JOIN and the like, which nest or multiply without parentheses.</summary>
    public const int MostNestingWords = 256;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>False where the text may not be sent, with the reason.</summary>
    public static bool TryRead(string sql, [NotNullWhen(true)] out ReadText? read, [NotNullWhen(false)] out Refusal? refusal)
    {
        read = null;
        refusal = JudgeCharacters(sql);
        if (refusal is not null)
            return false;
        var tokens = SqlText.Tokens(sql).Take(MostTokens + 1).ToList();
        refusal = JudgeTokens(tokens);
        if (refusal is not null)
            return false;
        var end = tokens.FindIndex(token => token.Kind == SqlTokenKind.Semicolon);
        var statement = end < 0 ? tokens : tokens[..end];
        refusal = statement[0].Text switch
        {
            "explain" => ExplainText.Read(sql, statement, out read),
            "show" => ShowText.Read(statement, out read),
            _ when BeginsLikeARead(statement, 0) => Select(sql, statement, out read),
            _ => NotARead(),
        };
        return refusal is null && read is not null;
    }

    /// <summary>Whether a read begins at a token: parentheses may stand before it.</summary>
    public static bool BeginsLikeARead(IReadOnlyList<SqlToken> tokens, int at)
    {
        while (at < tokens.Count && tokens[at].Kind == SqlTokenKind.Opening)
            at++;
        return at < tokens.Count && tokens[at] is { Kind: SqlTokenKind.Word, Text: "select" or "values" or "table" or "with" };
    }

    public static Refusal NotARead() =>
        RefusalCatalog.NotARead.Because("Only SELECT, VALUES, TABLE, WITH … SELECT, EXPLAIN without ANALYZE, and SHOW of a harmless setting are allowed.");

    public static IReadOnlySet<string> NamesOf(IEnumerable<SqlToken> tokens) => tokens
        .Where(token => token.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName or SqlTokenKind.Operator)
        .Select(token => token.Text)
        .ToHashSet(StringComparer.OrdinalIgnoreCase);

    private static Refusal? Select(string sql, List<SqlToken> statement, out ReadText read)
    {
        read = new ReadText(ReadKind.Select, sql, sql, NamesOf(statement));
        return null;
    }

    private static Refusal? JudgeCharacters(string sql)
    {
        if (sql.Length > PostgresOperations.LongestStatement)
            return RefusalCatalog.StatementTooCostly.Because("The statement is longer than 16 KiB.");
        try
        {
            _ = Strict.GetByteCount(sql);
        }
        catch (EncoderFallbackException)
        {
            return RefusalCatalog.InvalidStatement.Because("The statement holds broken Unicode.");
        }

        return sql.Contains('\0', StringComparison.Ordinal) ? RefusalCatalog.InvalidStatement.Because("The statement holds a NUL character.") : null;
    }

    private static Refusal? JudgeTokens(List<SqlToken> tokens)
    {
        if (tokens.Count > MostTokens)
            return TooComplex($"more than {MostTokens} words and signs");
        if (tokens.Exists(token => token.Kind == SqlTokenKind.Broken))
            return RefusalCatalog.InvalidStatement.Because("The statement holds a string, name or comment that does not end, or a character that SQL does not have.");
        if (tokens.Exists(token => token.Kind == SqlTokenKind.EscapedName))
            return RefusalCatalog.InvalidStatement.Because("Names with U&\"…\" escapes are not taken. Write the name itself.");
        if (tokens.Exists(token => token.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName && Encoding.UTF8.GetByteCount(token.Text) > 63))
            return RefusalCatalog.InvalidStatement.Because("A name is longer than 63 bytes.");
        var end = tokens.FindIndex(token => token.Kind == SqlTokenKind.Semicolon);
        if (tokens.Count == 0 || end == 0 || (end > 0 && tokens.Skip(end).Any(token => token.Kind != SqlTokenKind.Semicolon)))
            return RefusalCatalog.NotOneStatement.Because("Send exactly one statement; after it only a semicolon and comments may follow.");
        return WriteWords.Judge(tokens) ?? JudgeDepth(tokens);
    }

    private static Refusal? JudgeDepth(List<SqlToken> tokens)
    {
        var (depth, selects, nesting) = (0, 0, 0);
        foreach (var token in tokens)
        {
            depth += token.Kind switch { SqlTokenKind.Opening => 1, SqlTokenKind.Closing => -1, _ => 0 };
            if (depth > DeepestNesting)
                return TooComplex($"parentheses more than {DeepestNesting} deep");
            if (token.Kind != SqlTokenKind.Word)
                continue;
            if (token.Text is "select" or "values" or "table" && ++selects > MostSelects)
                return TooComplex($"more than {MostSelects} SELECTs");
            if (token.Text is "case" or "not" or "join" or "array" or "row" or "cube" or "rollup" && ++nesting > MostNestingWords)
                return TooComplex($"more than {MostNestingWords} of CASE, NOT, JOIN and the like");
        }

        return null;
    }

    private static Refusal TooComplex(string what) => RefusalCatalog.StatementTooCostly.Because($"The statement has {what}.");
}
