using System.Globalization;
using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>What went wrong with a value, never which value: it may be of a row that the agent would not see.</summary>
internal static class ValueFault
{
    public static Refusal Of(PostgresException fault, string sql) =>
        RefusalCatalog.ValueNotComputed.Because($"{Words(fault.SqlState)}{Place(fault, sql)}.");

    /// <summary>Only where the server points at something that the agent itself wrote.</summary>
    private static string Place(PostgresException fault, string sql) =>
        fault.Position > 0 && fault.Position <= sql.Length ? string.Create(CultureInfo.InvariantCulture, $" (character {fault.Position})") : "";

    private static string Words(string state) => state switch
    {
        "22012" => "Something was divided by zero",
        "22003" or "22015" => "A number, date or interval is out of its type's range",
        "22P02" or "22P03" => "A text is not a value of the type that it is converted to",
        "22007" or "22008" => "A text is not a valid date or time, or one is out of range",
        "22001" => "A text is too long for its type",
        "22004" => "A value is null where it must not be",
        "22009" => "A displacement of a time zone is invalid",
        "22011" or "22019" or "22025" => "A substring or escape is invalid",
        "22023" => "An argument of a function is not valid",
        "2201B" or "2201F" or "2201E" or "2201G" => "A regular expression, root, logarithm or bucket has an argument that is not valid",
        "2201W" or "2201X" => "LIMIT or OFFSET is not a valid number",
        "2202E" or "2202H" or "2202G" => "An array or sample has an argument that is not valid",
        "2200M" or "2200N" or "2200L" or "2200S" or "2200T" => "A text is not valid XML",
        "21000" => "A subquery that must give one row gave several",
        _ => state.StartsWith("220", StringComparison.Ordinal) ? "A value or an argument of a function is not valid" : "A function of the database ended with an error",
    };
}
