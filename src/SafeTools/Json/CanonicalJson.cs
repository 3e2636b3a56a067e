using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SafeTools;

/// <summary>
/// JSON in exactly one form (RFC 8785): keys sorted by UTF-16 code units, no white space, ECMAScript numbers. What is signed or hashed is written by this.
/// </summary>
internal static class CanonicalJson
{
    /// <summary>The largest integer that every JSON reader keeps exactly (RFC 7493 §2.2): 2^53 − 1.</summary>
    public const long LargestInteger = 9_007_199_254_740_991;

    /// <summary>UTF-8 bytes of the canonical form.</summary>
    /// <exception cref="FormatException">A string holds half of a surrogate pair, or a number is not finite.</exception>
    public static byte[] Bytes(JsonNode? node) => Encoding.UTF8.GetBytes(Text(node));

    /// <inheritdoc cref="Bytes"/>
    public static string Text(JsonNode? node)
    {
        var text = new StringBuilder();
        Write(node, text);
        return text.ToString();
    }

    private static void Write(JsonNode? node, StringBuilder text)
    {
        switch (node)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject map:
                WriteMap(map, text);
                break;
            case JsonArray list:
                WriteList(list, text);
                break;
            default:
                WriteValue(node.AsValue(), text);
                break;
        }
    }

    private static void WriteMap(JsonObject map, StringBuilder text)
    {
        text.Append('{');
        var first = true;
        foreach (var (key, value) in map.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (!first)
            {
                text.Append(',');
            }

            first = false;
            WriteString(key, text);
            text.Append(':');
            Write(value, text);
        }

        text.Append('}');
    }

    private static void WriteList(JsonArray list, StringBuilder text)
    {
        text.Append('[');
        for (var index = 0; index < list.Count; index++)
        {
            if (index > 0)
            {
                text.Append(',');
            }

            Write(list[index], text);
        }

        text.Append(']');
    }

    private static void WriteValue(JsonValue value, StringBuilder text)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.String:
                WriteString(value.GetValue<string>(), text);
                break;
            case JsonValueKind.True:
                text.Append("true");
                break;
            case JsonValueKind.False:
                text.Append("false");
                break;
            case JsonValueKind.Number:
                text.Append(Number(double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture)));
                break;
            case JsonValueKind.Null:
                text.Append("null");
                break;
            case JsonValueKind.Undefined:
            case JsonValueKind.Object:
            case JsonValueKind.Array:
            default:
                throw new FormatException("Not a JSON value.");
        }
    }

    private static void WriteString(string value, StringBuilder text)
    {
        text.Append('"');
        for (var index = 0; index < value.Length; index++)
        {
            var character = value[index];
            if (char.IsSurrogate(character))
            {
                if (!char.IsSurrogatePair(value, index))
                {
                    throw new FormatException("A string holds half of a surrogate pair.");
                }

                text.Append(character).Append(value[++index]);
                continue;
            }

            _ = character switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\b' => text.Append("\\b"),
                '\t' => text.Append("\\t"),
                '\n' => text.Append("\\n"),
                '\f' => text.Append("\\f"),
                '\r' => text.Append("\\r"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => text.Append(character),
            };
        }

        text.Append('"');
    }

    /// <summary>ECMAScript's Number::toString (ECMA-262 §6.1.6.1.20) from the shortest digits that round-trip.</summary>
    private static string Number(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new FormatException("A number is not finite.");
        }

        if (value == 0)
        {
            return "0";
        }

        // Digits and exponent must come from one rendering: 1e23 is 9.999…E+22 to seventeen digits and 1E+23 to the shortest.
        var shortest = Math.Abs(value).ToString("R", CultureInfo.InvariantCulture).Split('E');
        var parts = shortest[0].Split('.');
        var all = string.Concat(parts).TrimStart('0');
        var leadingZeros = string.Concat(parts).Length - all.Length;
        var exponent = shortest.Length == 1 ? 0 : int.Parse(shortest[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var digits = all.TrimEnd('0');
        var point = parts[0].Length - leadingZeros + exponent;
        var sign = value < 0 ? "-" : "";
        var body = point switch
        {
            > 0 and <= 21 when digits.Length <= point => digits + new string('0', point - digits.Length),
            > 0 and <= 21 => $"{digits[..point]}.{digits[point..]}",
            > -6 and <= 0 => $"0.{new string('0', -point)}{digits}",
            _ => Exponential(digits, point - 1),
        };
        return sign + body;
    }

    private static string Exponential(string digits, int exponent)
    {
        var mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent)}");
    }
}
