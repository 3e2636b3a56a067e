using System.Globalization;
using System.Text;
using System.Text.Json;
using SQLitePCL;

namespace SafeTools.Providers.Sqlite;

/// <summary><c>$N</c> is the N-th declared parameter, <c>:name</c> the one of that name. SQLite's other forms are not used.</summary>
internal static class Placeholders
{
    /// <summary>Faults of a statement's placeholders: unknown ones, and parameters that nothing uses.</summary>
    public static IEnumerable<string> Check(string sql, IReadOnlyList<Parameter> parameters)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var placeholder in StatementText.Tokens(sql).Where(token => token.Kind == TokenKind.Placeholder).Select(token => token.Text).Distinct())
        {
            if (Find(placeholder, parameters) is { } parameter)
                used.Add(parameter.Name);
            else
                yield return $"The placeholder {placeholder} is not $1 to ${parameters.Count} nor :name of a declared parameter.";
        }

        foreach (var parameter in parameters.Where(parameter => !used.Contains(parameter.Name)))
            yield return $"The parameter {parameter.Name} is declared, but the statement does not use it.";
    }

    public static Parameter? Find(string placeholder, IReadOnlyList<Parameter> parameters)
    {
        if (placeholder.Length < 2)
            return null;
        var rest = placeholder[1..];
        return placeholder[0] switch
        {
            ':' => parameters.FirstOrDefault(parameter => parameter.Name == rest),
            '$' when int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && rest[0] != '0' && number <= parameters.Count => parameters[number - 1],
            _ => null,
        };
    }

    /// <summary>Binds every placeholder of the statement; false where one has no parameter.</summary>
    public static bool Bind(sqlite3_stmt statement, IReadOnlyList<Parameter> parameters, Arguments arguments)
    {
        var count = raw.sqlite3_bind_parameter_count(statement);
        for (var index = 1; index <= count; index++)
        {
            if (raw.sqlite3_bind_parameter_name(statement, index).utf8_to_string() is not { } name || Find(name, parameters) is not { } parameter)
                return false;
            if (Bind(statement, index, arguments.Values.GetValueOrDefault(parameter.Name)) != raw.SQLITE_OK)
                return false;
        }

        return true;
    }

    private static int Bind(sqlite3_stmt statement, int index, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => raw.sqlite3_bind_null(statement, index),
        JsonValueKind.True => raw.sqlite3_bind_int64(statement, index, 1),
        JsonValueKind.False => raw.sqlite3_bind_int64(statement, index, 0),
        JsonValueKind.Number when value.TryGetInt64(out var integer) => raw.sqlite3_bind_int64(statement, index, integer),
        JsonValueKind.Number => raw.sqlite3_bind_double(statement, index, value.GetDouble()),
        JsonValueKind.String => BindText(statement, index, value.GetString()!),
        _ => raw.SQLITE_MISMATCH,
    };

    /// <summary>An empty span would be a null pointer, which SQLite binds as NULL; a string overload would end at the first NUL.</summary>
    private static int BindText(sqlite3_stmt statement, int index, string text) =>
        text.Length == 0 ? raw.sqlite3_bind_text(statement, index, "") : raw.sqlite3_bind_text(statement, index, Encoding.UTF8.GetBytes(text));
}
