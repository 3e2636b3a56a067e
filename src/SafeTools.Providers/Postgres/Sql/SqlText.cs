using System.Text;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// Splits SQL as PostgreSQL's scanner does with standard_conforming_strings on (src/backend/parser/scan.l; docs 4.1 "Lexical Structure").
/// It only judges before anything is sent; what counts is the server's own analysis afterwards.
/// </summary>
internal sealed class SqlText
{
    /// <summary>What operators are made of; a run of them is one token, wherever the server would divide it.</summary>
    private const string OperatorCharacters = "+-*/<>=~!@#%^&|`?";

    private const string SelfCharacters = ":.,[]";

    private readonly string _sql;
    private int _at;

    private SqlText(string sql) => _sql = sql;

    public static IEnumerable<SqlToken> Tokens(string sql)
    {
        var text = new SqlText(sql);
        while (text.Next() is { } token)
            yield return token;
    }

    private SqlToken? Next()
    {
        if (!SkipTrivia())
            return new SqlToken(SqlTokenKind.Broken, "", End());
        if (_at >= _sql.Length)
            return null;
        var start = _at;
        var first = _sql[_at];
        return first switch
        {
            ';' => Single(SqlTokenKind.Semicolon),
            '(' => Single(SqlTokenKind.Opening),
            ')' => Single(SqlTokenKind.Closing),
            '\'' => Quoted(start, SqlTokenKind.Text, backslashes: false),
            '"' => Quoted(start, SqlTokenKind.QuotedName, backslashes: false),
            '$' => Dollar(start),
            >= '0' and <= '9' => Number(start),
            '.' when char.IsAsciiDigit(Peek(1)) => Number(start),
            _ when BeginsWord(first) => Word(start),
            _ when SelfCharacters.Contains(first, StringComparison.Ordinal) => Single(SqlTokenKind.Operator),
            _ when OperatorCharacters.Contains(first, StringComparison.Ordinal) => Operator(start),
            _ => new SqlToken(SqlTokenKind.Broken, "", End()),
        };
    }

    private char Peek(int ahead) => _at + ahead < _sql.Length ? _sql[_at + ahead] : '\0';

    private int End()
    {
        var start = _at;
        _at = _sql.Length;
        return start;
    }

    private SqlToken Single(SqlTokenKind kind) => new(kind, _sql[_at].ToString(), _at++);

    /// <summary>White space and comments; block comments nest. False where a comment has no end.</summary>
    private bool SkipTrivia()
    {
        while (_at < _sql.Length)
        {
            if (_sql[_at] is ' ' or '\t' or '\n' or '\r' or '\f' or '\v')
                _at++;
            else if (_sql[_at] == '-' && Peek(1) == '-')
                SkipLine();
            else if (_sql[_at] == '/' && Peek(1) == '*')
            {
                if (!SkipBlock())
                    return false;
            }
            else
                break;
        }

        return true;
    }

    private void SkipLine()
    {
        while (_at < _sql.Length && _sql[_at] is not ('\n' or '\r'))
            _at++;
    }

    private bool SkipBlock()
    {
        var depth = 0;
        while (_at < _sql.Length)
        {
            if (_sql[_at] == '/' && Peek(1) == '*')
                (depth, _at) = (depth + 1, _at + 2);
            else if (_sql[_at] == '*' && Peek(1) == '/')
            {
                (depth, _at) = (depth - 1, _at + 2);
                if (depth == 0)
                    return true;
            }
            else
                _at++;
        }

        return false;
    }

    private SqlToken Word(int start)
    {
        var (quote, length) = Prefix();
        if (quote is not null)
        {
            _at += length;
            return Quoted(start, quote.Value, backslashes: _sql[start] is 'e' or 'E');
        }

        while (_at < _sql.Length && ContinuesWord(_sql[_at]))
            _at++;
        return new SqlToken(SqlTokenKind.Word, Fold(_sql.AsSpan(start, _at - start)), start);
    }

    /// <summary>E'…', B'…', X'…', N'…', U&amp;'…' and U&amp;"…": what the quote after the prefix begins, and how long the prefix is.</summary>
    private (SqlTokenKind? Kind, int Length) Prefix() => _sql[_at] switch
    {
        'e' or 'E' or 'b' or 'B' or 'x' or 'X' or 'n' or 'N' when Peek(1) == '\'' => (SqlTokenKind.Text, 1),
        'u' or 'U' when Peek(1) == '&' && Peek(2) == '\'' => (SqlTokenKind.Text, 2),
        'u' or 'U' when Peek(1) == '&' && Peek(2) == '"' => (SqlTokenKind.EscapedName, 2),
        _ => (null, 0),
    };

    private SqlToken Quoted(int start, SqlTokenKind kind, bool backslashes)
    {
        var quote = _sql[_at++];
        var name = new StringBuilder();
        while (_at < _sql.Length)
        {
            var current = _sql[_at++];
            if (current == '\\' && backslashes)
                _at++;
            else if (current != quote)
                name.Append(current);
            else if (Peek(0) == quote)
                name.Append(_sql[_at++]);
            else if (!backslashes || !Continues())
                return new SqlToken(kind, kind == SqlTokenKind.Text ? "" : name.ToString(), start);
        }

        _at = _sql.Length;
        return new SqlToken(SqlTokenKind.Broken, "", start);
    }

    /// <summary>A constant goes on in its own form where only white space with a line break, and comments to the line's end, lie before the next quote.</summary>
    private bool Continues()
    {
        var (at, broken) = (_at, false);
        while (at < _sql.Length && (char.IsWhiteSpace(_sql[at]) || _sql.AsSpan(at).StartsWith("--", StringComparison.Ordinal)))
        {
            if (_sql[at] == '-')
                at = _sql.AsSpan(at).IndexOfAny('\n', '\r') is var end and >= 0 ? at + end : _sql.Length;
            else
                broken |= _sql[at++] is '\n' or '\r';
        }

        if (!broken || at >= _sql.Length || _sql[at] != '\'')
            return false;
        _at = at + 1;
        return true;
    }

    /// <summary><c>$1</c>, <c>$$…$$</c> or <c>$tag$…$tag$</c>.</summary>
    private SqlToken Dollar(int start)
    {
        if (char.IsAsciiDigit(Peek(1)))
        {
            _at++;
            while (char.IsAsciiDigit(Peek(0)))
                _at++;
            // "$1and" is no parameter with a word behind it to every version of the server.
            return new SqlToken(_at < _sql.Length && BeginsWord(_sql[_at]) ? SqlTokenKind.Broken : SqlTokenKind.Parameter, _sql[start.._at], start);
        }

        var close = start + 1;
        while (close < _sql.Length && (BeginsWord(_sql[close]) || (close > start + 1 && char.IsAsciiDigit(_sql[close]))))
            close++;
        if (close >= _sql.Length || _sql[close] != '$')
            return new SqlToken(SqlTokenKind.Broken, "", End());
        var tag = _sql[start..(close + 1)];
        var end = _sql.IndexOf(tag, close + 1, StringComparison.Ordinal);
        if (end < 0)
            return new SqlToken(SqlTokenKind.Broken, "", End());
        _at = end + tag.Length;
        return new SqlToken(SqlTokenKind.Text, "", start);
    }

    private SqlToken Operator(int start)
    {
        while (_at < _sql.Length && OperatorCharacters.Contains(_sql[_at], StringComparison.Ordinal) && !(_sql[_at] == '-' && Peek(1) == '-') && !(_sql[_at] == '/' && Peek(1) == '*'))
            _at++;
        return new SqlToken(SqlTokenKind.Operator, _sql[start.._at], start);
    }

    private SqlToken Number(int start)
    {
        while (_at < _sql.Length && (char.IsAsciiLetterOrDigit(_sql[_at]) || _sql[_at] is '.' or '_' || (_sql[_at] is '+' or '-' && _sql[_at - 1] is 'e' or 'E' && _at > start)))
            _at++;
        return new SqlToken(SqlTokenKind.Number, _sql[start.._at], start);
    }

    private static bool BeginsWord(char c) => char.IsAsciiLetter(c) || c is '_' or >= '\u0080';

    private static bool ContinuesWord(char c) => BeginsWord(c) || char.IsAsciiDigit(c) || c == '$';

    /// <summary>As the server folds in UTF-8: ASCII letters only (downcase_identifier).</summary>
    private static string Fold(ReadOnlySpan<char> word) => string.Create(word.Length, word, (folded, from) =>
    {
        for (var index = 0; index < from.Length; index++)
            folded[index] = char.IsAsciiLetterUpper(from[index]) ? (char)(from[index] | 0x20) : from[index];
    });
}
