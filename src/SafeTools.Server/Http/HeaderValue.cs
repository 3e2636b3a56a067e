using System.Globalization;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;

namespace SafeTools.Server.Http;

/// <summary>A header that repeats a value of the body, plain or in the protocol's Base64 form.</summary>
internal static class HeaderValue
{
    /// <param name="expected">What the body has; null where it has nothing, so that the header must not be there either.</param>
    /// <param name="isNumber">1.0 and 1 are the same then.</param>
    public static HttpRejection? Refuse(IHeaderDictionary headers, string name, string? expected, bool isNumber)
    {
        if (!headers.TryGetValue(name, out var values))
        {
            return expected is null ? null : HttpRejection.Mismatch($"{name} is missing.");
        }

        var sent = values.ToString().Trim();
        return sent.Any(character => character is not '\t' and (< ' ' or > '~')) || McpHeaderEncoder.DecodeValue(sent) is not { } value
            ? HttpRejection.Mismatch($"{name} cannot be read.")
            : string.Equals(value, expected, StringComparison.Ordinal) || (isNumber && SameNumber(value, expected)) ? null
            : HttpRejection.Mismatch($"{name} is not what the body says.");
    }

    private static bool SameNumber(string sent, string? expected) =>
        decimal.TryParse(sent, NumberStyles.Float, CultureInfo.InvariantCulture, out var one)
        && decimal.TryParse(expected, NumberStyles.Float, CultureInfo.InvariantCulture, out var other)
        && one == other;
}
