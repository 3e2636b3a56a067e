using System.Collections.Frozen;

namespace SafeTools.Providers.Sqlite;

/// <summary>
/// The functions a statement may call: built in, without side effects. Missing on purpose: load_extension, fts3_tokenizer, optimize (it writes),
/// matchinfo and offsets, sqlite_log, everything about R-trees and the build. An extension's functions are unknown and so denied.
/// </summary>
internal static class AllowedFunctions
{
    private static readonly FrozenSet<string> Names = """
        -> ->> abs acos acosh asin asinh atan atan2 atanh avg bm25 ceil ceiling char coalesce concat concat_ws cos cosh count cume_dist
        current_date current_time current_timestamp date datetime degrees dense_rank exp first_value floor format glob group_concat hex highlight
        if ifnull iif instr json json_array json_array_length json_error_position json_extract json_group_array json_group_object json_insert
        json_object json_patch json_pretty json_quote json_remove json_replace json_set json_type json_valid jsonb jsonb_array jsonb_extract
        jsonb_group_array jsonb_group_object jsonb_insert jsonb_object jsonb_patch jsonb_remove jsonb_replace jsonb_set julianday lag last_value
        lead length like likelihood likely ln log log10 log2 lower ltrim match max min mod nth_value ntile nullif octet_length percent_rank pi
        pow power printf quote radians random randomblob rank replace round row_number rtrim sign sin sinh snippet sqlite_version sqrt strftime
        string_agg substr substring subtype sum tan tanh time timediff total trim trunc typeof unhex unicode unistr unistr_quote unixepoch
        unlikely upper zeroblob
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Their work grows with the product of two arguments, and SQLite cannot be interrupted inside one call.</summary>
    private static readonly FrozenSet<string> Searching =
        new[] { "instr", "replace", "trim", "ltrim", "rtrim", "json_patch", "jsonb_patch" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> Matching = new[] { "like", "glob" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool Contains(string name) => Names.Contains(name);

    public static bool Searches(string name) => Searching.Contains(name);

    /// <summary>Bounded by the length of the pattern.</summary>
    public static bool Matches(string name) => Matching.Contains(name);
}
