using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace SafeTools.Providers.Postgres;

/// <summary>Writes one value, as the server prints it, as JSON.</summary>
internal static class ScalarText
{
    /// <summary>2^53 − 1: what every reader of JSON keeps exact (RFC 8259 §6).</summary>
    private const long LargestExact = 9007199254740991;

    private static readonly SearchValues<char> OfNumbers = SearchValues.Create("0123456789+-.eE");

    /// <summary>False where the text is not what the kind promises; the writer may be spoilt then.</summary>
    public static bool TryWrite(Utf8JsonWriter writer, ValueKind kind, string text)
    {
        switch (kind)
        {
            case ValueKind.Boolean when text is "t" or "f":
                writer.WriteBooleanValue(text == "t");
                return true;
            case ValueKind.Integer when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number):
                if (number is >= -LargestExact and <= LargestExact)
                    writer.WriteNumberValue(number);
                else
                    writer.WriteStringValue(text);
                return true;
            case ValueKind.Real when IsNumber(text):
                writer.WriteRawValue(text);
                return true;
            case ValueKind.Real or ValueKind.Text:
                writer.WriteStringValue(text);
                return true;
            case ValueKind.Json:
                return EmbeddedJson.TryWrite(writer, text);
            case ValueKind.Bytes when Bytes(text) is { } bytes:
                writer.WriteStartObject();
                // Not WriteBase64String: it leaves "+" unescaped, and whoever writes the answer anew does not.
                writer.WriteString("base64", Convert.ToBase64String(bytes));
                writer.WriteNumber("bytes", bytes.Length);
                writer.WriteEndObject();
                return true;
            default:
                return false;
        }
    }

    /// <summary>bytea_output = hex: a backslash, an x, two digits a byte (postgresql.org/docs/15/datatype-binary.html). Null where it is anything else.</summary>
    public static byte[]? Bytes(string text)
    {
        if (!text.StartsWith("\\x", StringComparison.Ordinal) || text.Length % 2 != 0)
            return null;
        var bytes = new byte[(text.Length - 2) / 2];
        return Convert.FromHexString(text.AsSpan(2), bytes, out _, out var written) == OperationStatus.Done && written == bytes.Length ? bytes : null;
    }

    private static bool IsNumber(string text)
    {
        if (text.AsSpan().ContainsAnyExcept(OfNumbers))
            return false;
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text));
            return reader.Read() && reader.TokenType == JsonTokenType.Number && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
