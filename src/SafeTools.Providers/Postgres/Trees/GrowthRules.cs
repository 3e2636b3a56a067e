using System.Collections.Frozen;

namespace SafeTools.Providers.Postgres;

/// <summary>The built-in functions, operators' functions among them, whose result may be larger than each of their arguments.</summary>
internal static class GrowthRules
{
    /// <summary>What one escaping multiplies at most, as a power of two: JSON writes one byte as six.</summary>
    public const double Escaping = 3;

    private static readonly FrozenDictionary<string, GrowthRule> Rules = new Dictionary<GrowthRule, string>
    {
        [GrowthRule.Sum] = """
            textcat anytextcat textanycat byteacat bitcat array_cat array_append array_prepend jsonb_concat tsvector_concat tsquery_and tsquery_or
            tsquery_phrase concat concat_ws format overlay json_build_array json_build_object jsonb_build_array jsonb_build_object json_object jsonb_object
            jsonb_set jsonb_set_lax jsonb_insert multirange_union multirange nummultirange
            """,
        [GrowthRule.Product] = "replace regexp_replace array_to_string array_replace",
        [GrowthRule.Escaping] = """
            encode quote_literal quote_ident quote_nullable to_json to_jsonb row_to_json array_to_json jsonb_pretty similar_escape similar_to_escape
            like_escape normalize ts_headline to_tsvector json_to_tsvector jsonb_to_tsvector
            """,
    }.SelectMany(rule => rule.Value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(name => (name, rule.Key)))
        .ToFrozenDictionary(rule => rule.name, rule => rule.Key, StringComparer.Ordinal);

    public static GrowthRule Of(string name) => Rules.GetValueOrDefault(name, GrowthRule.Largest);
}
