using System.Globalization;
using System.Text;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// Reads the text form of a node tree. The grammar is strict: whatever is not exactly as the server writes it is a <see cref="FormatException"/>, so that
/// a name chosen to look like a tree, or a form of another version, is refused and never misread. The server folds its lines at 78 characters, at a space
/// where there is one and inside a word where there is none (format_node_dump). A line's end counts as a space, and a line that may have been folded inside
/// a word refuses: only a name full of characters that the server escapes is ever that long.
/// </summary>
internal sealed class TreeText
{
    /// <summary>Nodes and lists inside each other. The caps on the statement allow far less.</summary>
    private const int Deepest = 1000;

    /// <summary>LINELEN of format_node_dump (src/backend/nodes/print.c), in bytes.</summary>
    private const int LongestLine = 78;

    private readonly string _text;
    private int _at;
    private int _depth;

    private TreeText(string text) => _text = text;

    /// <exception cref="FormatException">It is not exactly one tree in the form that is known.</exception>
    public static IReadOnlyList<TreeValue> Read(string text)
    {
        if (text.Split('\n').Any(IsFoldedInsideAWord))
            throw new FormatException("A word is folded.");
        var reader = new TreeText(text);
        var value = reader.Value(reader.Token());
        if (reader.TryToken() is not null)
            throw new FormatException("More than one tree.");
        // A list of queries, or one expression on its own.
        return value is TreeValue.Items { Kind: "" } list ? list.Values : [value];
    }

    private TreeValue Value(string token)
    {
        switch (token)
        {
            case "<>":
                return TreeValue.None.Value;
            case "{":
                return Nested(Node);
            case "(":
                return Nested(Items);
            case "}" or ")":
                throw new FormatException("A value is missing.");
            default:
                return new TreeValue.Word(Unescaped(token));
        }
    }

    private TreeValue Nested(Func<TreeValue> read)
    {
        if (++_depth > Deepest)
            throw new TreeTooDeepException();
        var value = read();
        _depth--;
        return value;
    }

    private TreeValue.Node Node()
    {
        var name = Token();
        if (!name.All(char.IsAsciiLetterUpper))
            throw new FormatException("A node has no name.");
        var fields = new List<KeyValuePair<string, TreeValue>>();
        while (Token() is var token && token != "}")
        {
            if (token.Length < 2 || token[0] != ':' || !token.AsSpan(1).ContainsOnlyNameCharacters())
                throw new FormatException("A field is expected.");
            var field = token[1..];
            fields.Add(KeyValuePair.Create(field, field == "constvalue" ? Constant() : Value(Token())));
        }

        return new TreeValue.Node(name, fields);
    }

    /// <summary><c>LENGTH [ byte byte … ]</c>, each a signed number, or <c>&lt;&gt;</c> (outDatum).</summary>
    private TreeValue Constant()
    {
        var length = Token();
        if (length == "<>")
            return TreeValue.None.Value;
        if (!uint.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out _) || Token() != "[")
            throw new FormatException("A constant has another form.");
        var bytes = new List<byte>();
        while (Token() is var token && token != "]")
        {
            if (!int.TryParse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number is < -128 or > 255)
                throw new FormatException("A constant has another form.");
            bytes.Add((byte)number);
        }

        return new TreeValue.Bytes(bytes);
    }

    private TreeValue.Items Items()
    {
        var values = new List<TreeValue>();
        var token = Token();
        var kind = token is "i" or "o" or "b" or "x" ? token : "";
        if (kind.Length > 0)
            token = Token();
        for (; token != ")"; token = Token())
            values.Add(Value(token));
        return new TreeValue.Items(kind, values);
    }

    private string Token() => TryToken() ?? throw new FormatException("The tree ends early.");

    /// <summary>As pg_strtok (src/backend/nodes/read.c): braces and parentheses stand alone, a backslash takes the next character as it is.</summary>
    private string? TryToken()
    {
        while (_at < _text.Length && IsSpace(_text[_at]))
            _at++;
        if (_at == _text.Length)
            return null;
        var start = _at;
        if (IsBracket(_text[_at]))
            return _text[_at++].ToString();
        while (_at < _text.Length && !IsSpace(_text[_at]) && !IsBracket(_text[_at]))
            _at += _text[_at] == '\\' && _at + 1 < _text.Length ? 2 : 1;
        return _text[start.._at];
    }

    /// <summary>A character cut in two is longer once it was decoded, so it makes no line look shorter.</summary>
    private static bool IsFoldedInsideAWord(string line) => Encoding.UTF8.GetByteCount(line) >= LongestLine && line.LastIndexOf(' ') <= 0;

    private static bool IsSpace(char c) => c is ' ' or '\n' or '\t';

    private static bool IsBracket(char c) => c is '(' or ')' or '{' or '}';

    private static string Unescaped(string token)
    {
        if (!token.Contains('\\', StringComparison.Ordinal))
            return token;
        var text = new StringBuilder(token.Length);
        for (var index = 0; index < token.Length; index++)
        {
            if (token[index] == '\\' && index + 1 < token.Length)
                index++;
            text.Append(token[index]);
        }

        return text.ToString();
    }
}

file static class NameCharacters
{
    /// <summary>The server's names of fields are identifiers of C.</summary>
    public static bool ContainsOnlyNameCharacters(this ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
                return false;
        }

        return true;
    }
}
