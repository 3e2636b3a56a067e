using System.Globalization;
using System.Text.Json.Nodes;
using Humanizer;
using Humanizer.Bytes;

namespace SafeTools.Server.Cli;

/// <summary>Facts in words for a person: sizes and ages as people say them, text of others made harmless.</summary>
internal static class FactText
{
    public static string Value(JsonNode fact, DateTimeOffset now)
    {
        var value = fact["value"]!;
        return fact["type"]!.GetValue<string>() switch
        {
            "bytes" => Size(value.GetValue<long>()),
            "count" => value.GetValue<long>().ToString("N0", CultureInfo.InvariantCulture),
            "instant" => Age(PreviewDocument.Time(value.GetValue<string>()), now),
            "flag" => value.GetValue<bool>() ? "yes" : "no",
            "names" => value.AsArray().Count == 0 ? "none" : string.Join(", ", value.AsArray().Select(name => VisibleText.Line(name!.GetValue<string>(), 200))),
            _ => VisibleText.Line(value.GetValue<string>(), 300),
        };
    }

    public static string Size(long bytes) => ByteSize.FromBytes(bytes).ToString("0.#", CultureInfo.InvariantCulture);

    public static string Age(DateTimeOffset time, DateTimeOffset now) => $"{Span(now - time)} ago ({PreviewDocument.Time(time)[..16].Replace('T', ' ')} UTC)";

    /// <summary>The largest unit alone: "3 hours". Humanizer's own TimeSpan.Humanize reflects over enums, which a trimmed build cannot.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalDays: >= 1 } => "day".ToQuantity((int)span.TotalDays),
        { TotalHours: >= 1 } => "hour".ToQuantity((int)span.TotalHours),
        { TotalMinutes: >= 1 } => "minute".ToQuantity((int)span.TotalMinutes),
        { TotalSeconds: >= 1 } => "second".ToQuantity((int)span.TotalSeconds),
        _ => "less than a second",
    };
}
