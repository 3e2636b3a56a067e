using System.Buffers;
using System.Text;
using System.Text.Json;

namespace SafeTools.Providers.Postgres;

/// <summary>Turns one value into JSON, whole or cut, in memory that is used again for each.</summary>
internal sealed class ValueJson : IDisposable
{
    /// <summary>A value whose text, or a bytea whose content, is longer than this many bytes is cut.</summary>
    public const int Longest = 64 * 1024;

    /// <summary>What a cut value takes at least: <c>{"cut":true,"bytes":1073741824,"base64":""}</c>, in bytes.</summary>
    public const int SmallestCut = 43;

    private readonly ArrayBufferWriter<byte> _json = new();
    private readonly Utf8JsonWriter _writer;

    public ValueJson() => _writer = new Utf8JsonWriter(_json);

    /// <summary>Valid until the next value is written.</summary>
    public ReadOnlySpan<byte> Json => _json.WrittenSpan;

    /// <summary>How much of a value's text is needed, in bytes: two digits stand for one byte of a bytea.</summary>
    public static int MostOf(ColumnType type) => type is { Kind: ValueKind.Bytes, Delimiter: null } ? 2 + (2 * Longest) : Longest;

    public void Null()
    {
        Begin();
        _writer.WriteNullValue();
        _writer.Flush();
    }

    /// <summary>What is not as its type promises becomes a string. Bytes that are not UTF-8 become U+FFFD.</summary>
    public void Whole(ColumnType type, ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        Begin();
        var clean = type.Delimiter is { } delimiter
            ? ArrayText.TryWrite(_writer, type.Kind, text, delimiter)
            : ScalarText.TryWrite(_writer, type.Kind, text);
        if (!clean)
        {
            Begin();
            _writer.WriteStringValue(text);
        }

        _writer.Flush();
    }

    /// <summary>As much of the beginning as there is room for, in bytes of JSON. False where not even an empty beginning fits.</summary>
    public bool Cut(ColumnType type, ReadOnlySpan<byte> first, long total, long room)
    {
        if (type is { Kind: ValueKind.Bytes, Delimiter: null } && ScalarText.Bytes(Encoding.UTF8.GetString(first[..(first.Length & ~1)])) is { } bytes)
            return Shorten(Math.Min(bytes.Length, Longest), room, length => Cut((total - 2) / 2, () => _writer.WriteString("base64", Convert.ToBase64String(bytes, 0, length))));
        var text = Beginning(first[..Math.Min(first.Length, Longest)]);
        return Shorten(text.Length, room, length => Cut(total, () => _writer.WriteString("text", text.AsSpan(0, Boundary(text, length)))));
    }

    public void Dispose() => _writer.Dispose();

    /// <summary>Without the bytes of a character that was cut in two.</summary>
    private static string Beginning(ReadOnlySpan<byte> bytes)
    {
        var characters = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        return new string(characters, 0, Encoding.UTF8.GetDecoder().GetChars(bytes, characters, flush: false));
    }

    private static int Boundary(string text, int length) => length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;

    private void Cut(long total, Action beginning)
    {
        Begin();
        _writer.WriteStartObject();
        _writer.WriteBoolean("cut", true);
        _writer.WriteNumber("bytes", total);
        beginning();
        _writer.WriteEndObject();
        _writer.Flush();
    }

    /// <summary>Searches for the greatest length whose JSON fits: how much escaping takes is only known once it is written.</summary>
    private bool Shorten(int length, long room, Action<int> write)
    {
        write(length);
        if (Json.Length <= room)
            return true;
        var (fits, most) = (-1, length - 1);
        while (fits < most)
        {
            var middle = fits + ((most - fits + 1) / 2);
            write(middle);
            (fits, most) = Json.Length <= room ? (middle, most) : (fits, middle - 1);
        }

        if (fits < 0)
            return false;
        write(fits);
        return true;
    }

    private void Begin()
    {
        _json.ResetWrittenCount();
        _writer.Reset();
    }
}
