using System.Collections.Frozen;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// How large a numeric may become. It has up to 131,072 digits before the point (src/backend/utils/adt/numeric.c), and multiplying two such takes a second
/// in which the server listens to nobody.
/// </summary>
internal static class NumericExtent
{
    public const int Type = 1700;

    /// <summary>What a stored or ordinary one counts as: 32 bytes.</summary>
    private const double Ordinary = 5;

    /// <summary>64 KB: the most that one can be.</summary>
    private const double Largest = 16;

    private static readonly FrozenSet<string> KeepsSize = new[]
    {
        "numeric_add", "numeric_sub", "numeric_mod", "mod", "numeric_abs", "abs", "numeric_uminus", "numeric_uplus", "ceil", "ceiling", "floor", "sign", "trim_scale",
        "numeric", "numeric_larger", "numeric_smaller", "div", "ln", "dlog10", "log", "sqrt", "numeric_sqrt", "numeric_ln", "numeric_log", "cash_numeric", "extract",
        "to_number", "gcd", "numeric_inc", "numeric_pl_pg_lsn", "pg_lsn_mi", "pg_wal_lsn_diff", "pg_size_bytes", "lower", "upper", "coalesce", "generate_series", "unnest",
        "array_get_element", "percentile_disc",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What a function gives.</summary>
    public static Extent Of(string name, TreeValue.Node call, IReadOnlyList<Extent> arguments, Extent size)
    {
        var largest = arguments.Count == 0 ? Ordinary : Math.Max(Ordinary, arguments.Max(argument => argument.Bulk));
        var power = name switch
        {
            "numeric_mul" or "numeric_div" or "lcm" => Math.Log2(arguments.Sum(argument => Math.Pow(2, Math.Min(argument.Bulk, Largest)))) + 1,
            "round" or "trunc" when arguments.Count == 1 || SizeBudget.Constant(call, 1) is <= 1000 => Math.Max(largest, 9),
            "power" or "pow" or "numeric_power" when Exponent(call) is { } exponent => largest + Math.Log2(exponent + 1),
            _ when KeepsSize.Contains(name) => largest,
            _ => Largest,
        };
        return Capped(size.Sized(power));
    }

    public static Extent Capped(Extent extent) => extent.Sized(Math.Clamp(extent.Bulk, Ordinary, Largest)) with { Selves = 0 };

    /// <summary>A small whole exponent, as a constant or a constant made numeric.</summary>
    public static long? Exponent(TreeValue.Node call) =>
        call.Field("args") is TreeValue.Items { Values: [_, TreeValue.Node { Name: "FUNCEXPR" } made] } && SizeBudget.Constant(made, 0) is { } exponent && exponent is >= 0 and <= 64 ? exponent : null;
}
