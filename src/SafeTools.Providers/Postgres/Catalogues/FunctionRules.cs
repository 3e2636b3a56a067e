using System.Collections.Frozen;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// Which of the server's own functions a read may use. Drawn from the live catalogue: a function counts as built in by its number (below
/// FirstNormalObjectId, so that initdb made it) and its schema. Of those, immutable ones compute from their arguments alone and are allowed but for
/// the few named here; of stable and volatile ones only those that are named, because stable says "changes nothing that I know of", not "reveals nothing".
/// </summary>
internal static class FunctionRules
{
    /// <summary>src/include/access/transam.h, FirstNormalObjectId: everything below was made by initdb.</summary>
    public const uint FirstUserObject = 16384;

    /// <summary>Conversions, dates, text search, JSON: what they read is the session's time zone, language or formats, which are ours.</summary>
    private static readonly FrozenSet<string> Stable = Words("""
        age anytextcat array_to_json array_to_string concat concat_ws convert convert_from convert_to current_database current_schema current_schemas
        current_user date date_part date_trunc enum_first enum_last enum_range extract format generate_series getdatabaseencoding in_range
        interval_pl_timestamptz json_agg json_agg_strict json_build_array json_build_object json_object_agg json_object_agg_strict
        json_object_agg_unique json_object_agg_unique_strict json_populate_record json_populate_recordset json_to_record json_to_recordset
        json_to_tsvector jsonb_agg jsonb_agg_strict jsonb_build_array jsonb_build_object jsonb_object_agg jsonb_object_agg_strict
        jsonb_object_agg_unique jsonb_object_agg_unique_strict jsonb_path_exists_tz jsonb_path_match_tz jsonb_path_query_array_tz
        jsonb_path_query_first_tz jsonb_path_query_tz jsonb_populate_record jsonb_populate_recordset jsonb_to_record jsonb_to_recordset
        jsonb_to_tsvector length make_timestamptz money now numeric overlaps pg_client_encoding pg_collation_for pg_column_size pg_typeof
        phraseto_tsquery plainto_tsquery quote_literal quote_nullable row_to_json session_user statement_timestamp string_agg textanycat time timetz timestamp
        timestamptz timestamptz_mi_interval timestamptz_pl_interval timezone to_char to_date to_json to_jsonb to_number to_timestamp to_tsquery
        to_tsvector transaction_timestamp ts_headline ts_match_tq ts_match_tt version websearch_to_tsquery
        date_cmp_timestamptz date_eq_timestamptz date_ge_timestamptz date_gt_timestamptz date_le_timestamptz date_lt_timestamptz date_ne_timestamptz
        timestamp_cmp_timestamptz timestamp_eq_timestamptz timestamp_ge_timestamptz timestamp_gt_timestamptz timestamp_le_timestamptz
        timestamp_lt_timestamptz timestamp_ne_timestamptz timestamptz_cmp_date timestamptz_eq_date timestamptz_ge_date timestamptz_gt_date
        timestamptz_le_date timestamptz_lt_date timestamptz_ne_date timestamptz_cmp_timestamp timestamptz_eq_timestamp timestamptz_ge_timestamp
        timestamptz_gt_timestamp timestamptz_le_timestamp timestamptz_lt_timestamp timestamptz_ne_timestamp
        """);

    /// <summary>Chance and the clock: they differ from call to call and leave nothing behind.</summary>
    private static readonly FrozenSet<string> Volatile = Words("clock_timestamp gen_random_uuid random timeofday");

    /// <summary>Immutable, and still none of a read's business: memory without bound, parsers of other languages, tables opened by number.</summary>
    private static readonly FrozenSet<string> NotEvenImmutable = Words("array_fill postgresql_fdw_validator satisfies_hash_partition texttoxml xpath xpath_exists");

    private static readonly FrozenSet<string> Gathering = Words("""
        array_agg json_agg json_agg_strict json_arrayagg json_object_agg json_object_agg_strict json_object_agg_unique json_object_agg_unique_strict
        jsonb_agg jsonb_agg_strict jsonb_object_agg jsonb_object_agg_strict jsonb_object_agg_unique jsonb_object_agg_unique_strict range_agg string_agg
        """);

    /// <summary>Null: not allowed.</summary>
    /// <param name="name">The name of a built-in function.</param>
    /// <param name="volatility"><c>i</c>, <c>s</c> or <c>v</c>, as pg_proc has it.</param>
    public static FunctionUse? Use(string name, char volatility) => name switch
    {
        "repeat" => FunctionUse.Repeats,
        // To a type with a length: bit(n) and char(n) fill up to it.
        "lpad" or "rpad" or "bit" or "bpchar" => FunctionUse.Pads,
        "polygon" => FunctionUse.Draws,
        "format" => FunctionUse.Formats,
        "current_setting" => FunctionUse.InPolicies,
        _ when Gathering.Contains(name) => FunctionUse.Gathers,
        _ => IsFree(name, volatility) ? FunctionUse.Free : null,
    };

    private static bool IsFree(string name, char volatility) => volatility switch
    {
        'i' => !NotEvenImmutable.Contains(name) && !name.StartsWith("xml", StringComparison.Ordinal)
            && (!name.StartsWith("pg_", StringComparison.Ordinal) || name is "pg_lsn" or "pg_size_pretty" or "pg_size_bytes" or "pg_wal_lsn_diff"),
        's' => Stable.Contains(name),
        'v' => Volatile.Contains(name),
        _ => false,
    };

    private static FrozenSet<string> Words(string words) =>
        words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
