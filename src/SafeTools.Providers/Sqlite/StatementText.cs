namespace SafeTools.Providers.Sqlite;

/// <summary>What one token is, as far as finding statements and placeholders needs to know.</summary>
internal enum TokenKind
{
    Word,
    Placeholder,
    Semicolon,

    /// <summary>Strings, quoted names, numbers, operators.</summary>
    Other,
}

internal readonly record struct Token(TokenKind Kind, string Text);

/// <summary>
/// Splits SQL the way SQLite's tokenizer does (sqlite.org/lang_expr.html#varparam, sqlite.org/lang_comment.html): white space and comments vanish,
/// whatever is quoted stays one token. It judges before the engine sees the text; the engine's own end of statement is checked besides.
/// </summary>
internal static class StatementText
{
    private const char ByteOrderMark = '\uFEFF';

    public static IEnumerable<Token> Tokens(string sql)
    {
        var at = 0;
        while (SkipTrivia(sql, at) is var start && start < sql.Length)
        {
            var kind = KindOf(sql[start]);
            at = kind switch
            {
                TokenKind.Word => EndOfWord(sql, start),
                TokenKind.Placeholder => EndOfPlaceholder(sql, start),
                TokenKind.Semicolon => start + 1,
                TokenKind.Other => EndOfOther(sql, start),
            };
            yield return new Token(kind, sql[start..at]);
        }
    }

    /// <summary>Whether something other than semicolons, white space and comments is left.</summary>
    public static bool HoldsMore(string tail) => Tokens(tail).Any(token => token.Kind != TokenKind.Semicolon);

    private static TokenKind KindOf(char first) => first switch
    {
        ';' => TokenKind.Semicolon,
        '?' or '$' or '@' or ':' or '#' => TokenKind.Placeholder,
        >= '0' and <= '9' => TokenKind.Other,
        _ => IsWord(first) ? TokenKind.Word : TokenKind.Other,
    };

    private static int SkipTrivia(string sql, int at)
    {
        while (at < sql.Length)
        {
            if (sql[at] is ' ' or '\t' or '\n' or '\f' or '\r' or ByteOrderMark)
                at++;
            else if (sql[at] == '-' && Next(sql, at) == '-')
                at = sql.IndexOf('\n', at) is var end and >= 0 ? end + 1 : sql.Length;
            else if (sql[at] == '/' && Next(sql, at) == '*' && at + 2 < sql.Length)
                at = sql.IndexOf("*/", at + 2, StringComparison.Ordinal) is var end and >= 0 ? end + 2 : sql.Length;
            else
                break;
        }

        return at;
    }

    private static int EndOfWord(string sql, int at)
    {
        while (at < sql.Length && IsWord(sql[at]))
            at++;
        return at;
    }

    /// <summary>The whole of SQLite's variable token, Tcl's <c>::</c> and <c>(…)</c> suffixes included, so that they are seen and refused.</summary>
    private static int EndOfPlaceholder(string sql, int start)
    {
        var at = start + 1;
        if (sql[start] is '?' or '#')
            return EndOfWord(sql, at);
        while (at < sql.Length)
        {
            if (IsWord(sql[at]))
                at++;
            else if (sql[at] == '(' && at > start + 1)
                return sql.IndexOf(')', at) is var close and >= 0 ? close + 1 : sql.Length;
            else if (sql[at] == ':' && Next(sql, at) == ':')
                at += 2;
            else
                break;
        }

        return at;
    }

    private static int EndOfOther(string sql, int start) => sql[start] switch
    {
        '\'' or '"' or '`' => EndOfQuoted(sql, start),
        '[' => sql.IndexOf(']', start) is var close and >= 0 ? close + 1 : sql.Length,
        >= '0' and <= '9' => EndOfWord(sql, start),
        _ => start + 1,
    };

    private static int EndOfQuoted(string sql, int start)
    {
        var quote = sql[start];
        for (var at = start + 1; at < sql.Length; at++)
        {
            if (sql[at] != quote)
                continue;
            if (Next(sql, at) != quote)
                return at + 1;
            at++;
        }

        return sql.Length;
    }

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' or >= '\u0080';

    private static char Next(string sql, int at) => at + 1 < sql.Length ? sql[at + 1] : '\0';
}
