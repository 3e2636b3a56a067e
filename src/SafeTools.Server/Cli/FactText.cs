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

    public static string Span(TimeSpan span) => span < TimeSpan.FromSeconds(1) ? "less than a second" : span.Humanize(precision: 1, culture: CultureInfo.InvariantCulture, maxUnit: Humanizer.Localisation.TimeUnit.Day);
}
