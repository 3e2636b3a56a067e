using System.Globalization;
using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>What is wrong with a statement, in our words and the agent's own names.</summary>
internal static class InvalidStatement
{
    public static Refusal Of(PostgresException fault, string sql) => Of(Words(fault.SqlState), fault, sql);

    /// <param name="words">A sentence without its end.</param>
    public static Refusal Of(string words, PostgresException fault, string sql) =>
        RefusalCatalog.InvalidStatement.Because($"{words}{Place(fault, sql)}.");

    /// <summary>
    /// <c> near "name" (character 8)</c>: the name as the agent wrote it, where the server points into its statement and means the same. Empty where the
    /// server points nowhere, or into a text that is not the agent's (a function's or a view's).
    /// </summary>
    public static string Place(PostgresException fault, string sql)
    {
        if (fault.Position <= 0)
            return "";
        var name = PointedName.At(sql, fault.Position, fault.MessageText);
        var near = name.Length > 0 ? $" near \"{name}\"" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{near} (character {fault.Position})");
    }

    private static string Words(string state) => state switch
    {
        "42601" => "There is a syntax error",
        "42P01" => "There is no such table or view",
        "42703" => "There is no such column",
        "42883" => "There is no such function or operator for these types",
        "42704" => "There is no such type or other object",
        "3F000" => "There is no such schema",
        "42P02" => "There is no such parameter",
        "42702" => "A column name is ambiguous",
        "42725" => "A function or operator is ambiguous; cast its arguments",
        "42P09" => "An alias is ambiguous",
        "42712" => "Two tables have the same alias",
        "42701" => "A column is named twice",
        "42803" => "A column must be grouped or aggregated, or an aggregate stands where none may",
        "42P20" => "A window function stands where none may, or its window is wrong",
        "42P19" => "A recursive query has the wrong form",
        "42P10" => "A reference to a column is not allowed there",
        "42804" => "Types do not match; cast one of them",
        "42846" => "One type cannot be cast to the other",
        "42P18" or "42P08" => "The type of a parameter or value cannot be told; cast it",
        "42P21" or "42P22" => "The collations of two texts differ or cannot be told",
        "42809" => "Something is of another kind than the statement needs, such as a function where a table belongs",
        "42622" => "A name is too long",
        _ => "The server does not understand the statement",
    };
}
