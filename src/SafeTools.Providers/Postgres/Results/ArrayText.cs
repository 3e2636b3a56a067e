using System.Buffers;
using System.Text;
using System.Text.Json;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// Reads an array as the server prints it: <c>[2:3]={1,NULL,"a \"quoted\" one",{…}}</c> (postgresql.org/docs/15/arrays.html#ARRAYS-IO).
/// Where counting begins other than at 1 is not kept.
/// </summary>
internal ref struct ArrayText(string text, char delimiter)
{
    /// <summary>MAXDIM in the server's source.</summary>
    private const int MostDimensions = 6;

    private static readonly SearchValues<char> OfBounds = SearchValues.Create("0123456789+-:[]");

    private readonly ReadOnlySpan<char> _text = text;
    private int _at;

    /// <summary>False where the text is no array or an element is not of its kind. The writer is spoilt then.</summary>
    public static bool TryWrite(Utf8JsonWriter writer, ValueKind kind, string text, char delimiter)
    {
        var array = new ArrayText(text, delimiter);
        return array.SkipBounds() && array.TryList(writer, kind, MostDimensions) && array._at == text.Length;
    }

    private readonly char Next => _at < _text.Length ? _text[_at] : '\0';

    private bool SkipBounds()
    {
        if (Next != '[')
            return true;
        var end = _text.IndexOf('=');
        if (end < 0 || _text[..end].ContainsAnyExcept(OfBounds))
            return false;
        _at = end + 1;
        return true;
    }

    private bool TryList(Utf8JsonWriter writer, ValueKind kind, int dimensions)
    {
        if (dimensions == 0 || !Take('{'))
            return false;
        writer.WriteStartArray();
        if (!Take('}'))
        {
            do
            {
                if (!(Next == '{' ? TryList(writer, kind, dimensions - 1) : TryElement(writer, kind)))
                    return false;
            }
            while (Take(delimiter));
            if (!Take('}'))
                return false;
        }

        writer.WriteEndArray();
        return true;
    }

    private bool TryElement(Utf8JsonWriter writer, ValueKind kind)
    {
        if (Take('"'))
            return Quoted() is { } quoted && ScalarText.TryWrite(writer, kind, quoted);
        var start = _at;
        while (_at < _text.Length && _text[_at] != delimiter && _text[_at] is not ('{' or '}' or '"' or '\\'))
            _at++;
        var plain = _text[start.._at];
        if (plain.IsEmpty)
            return false;
        if (!plain.SequenceEqual("NULL"))
            return ScalarText.TryWrite(writer, kind, plain.ToString());
        writer.WriteNullValue();
        return true;
    }

    private string? Quoted()
    {
        var value = new StringBuilder();
        while (_at < _text.Length)
        {
            var c = _text[_at++];
            if (c == '"')
                return value.ToString();
            if (c == '\\')
            {
                if (_at == _text.Length)
                    return null;
                c = _text[_at++];
            }

            value.Append(c);
        }

        return null;
    }

    private bool Take(char expected)
    {
        if (_at >= _text.Length || _text[_at] != expected)
            return false;
        _at++;
        return true;
    }
}
