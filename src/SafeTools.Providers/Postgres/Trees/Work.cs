using System.Collections.Frozen;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// How much a call may have to do, in bytes looked at. The server looks at nothing else, a cancel or its own time limit, before an expression is done, and
/// many of its functions hold every piece of one argument against every piece of the other: containment of arrays, searching a text, distances of
/// polygons. So a call counts as the product of its two largest arguments, unless it is known to go through them once.
/// </summary>
internal static class Work
{
    /// <summary>Bytes that all expressions of a statement may look at: about a second.</summary>
    public const double Most = 2147483648;

    /// <summary>Functions that compute for long from little.</summary>
    private const double LongCall = Most / 4;

    /// <summary>16 bytes: integers and floats, which the processor computes with.</summary>
    private const double SmallNumber = 4;

    private static readonly FrozenSet<string> Long = new[] { "exp", "numeric_exp", "power", "pow", "numeric_power" }.ToFrozenSet(StringComparer.Ordinal);

    private static readonly string[] Comparisons = ["eq", "ne", "lt", "le", "gt", "ge", "cmp", "_larger", "_smaller"];

    private static readonly FrozenSet<string> OnceThrough = new[]
    {
        "substr", "substring", "left", "right", "repeat", "lpad", "rpad", "array_length", "array_upper", "array_lower", "trim_array", "to_char", "convert", "convert_from",
        "convert_to", "encode", "decode", "jsonb_object_field", "jsonb_object_field_text", "json_object_field", "json_object_field_text", "jsonb_array_element",
        "jsonb_array_element_text", "json_array_element", "json_array_element_text", "to_tsvector", "generate_series", "date_trunc", "date_part", "extract", "coalesce",
        "numeric_add", "numeric_sub",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>ts_headline keeps every place where a phrase begins: 16 KB of text at most.</summary>
    private const double LongestHeadline = 14;

    /// <param name="name">The function's name; empty for one that is not known.</param>
    public static double Of(string name, TreeValue.Node call, IReadOnlyList<Extent> arguments)
    {
        var bulks = arguments.Select(argument => argument.Bulk).OrderDescending().ToList();
        if (bulks.Count == 0)
            return 0;
        if (Long.Contains(name) && bulks[0] > SmallNumber && NumericExtent.Exponent(call) is null)
            return LongCall;
        if (name == "ts_headline" && bulks[0] > LongestHeadline)
            return double.PositiveInfinity;
        return bulks.Count == 1 || GoesOnceThrough(name) ? bulks.Sum(bulk => Math.Pow(2, bulk)) : Math.Pow(2, bulks[0] + bulks[1]);
    }

    private static bool GoesOnceThrough(string name) =>
        OnceThrough.Contains(name) || GrowthRules.Of(name) == GrowthRule.Sum || Comparisons.Any(ending => name.EndsWith(ending, StringComparison.Ordinal));
}
