using System.Globalization;
using System.Text.Json;

namespace SafeTools.Providers.Postgres;

/// <summary>The SQL that a spec holds: <c>$N</c> stands for its N-th declared parameter.</summary>
internal static class StatementText
{
    /// <summary>Faults that the text alone shows.</summary>
    public static IEnumerable<string> Check(string sql, IReadOnlyList<Parameter> parameters)
    {
        if (!TextCaps.TryRead(sql, out var read, out var refusal))
        {
            yield return refusal.Message;
            yield break;
        }

        if (read.Kind != ReadKind.Select)
            yield return "It is no SELECT.";
        var used = SqlText.Tokens(sql).Where(token => token.Kind == SqlTokenKind.Parameter).Select(token => token.Text).ToHashSet(StringComparer.Ordinal);
        var declared = parameters.Select((_, index) => string.Create(CultureInfo.InvariantCulture, $"${index + 1}")).ToList();
        foreach (var placeholder in used.Except(declared))
            yield return parameters.Count == 0 ? $"The placeholder {placeholder} has no parameter: none is declared." : $"The placeholder {placeholder} is not $1 to ${parameters.Count}.";
        foreach (var index in Enumerable.Range(0, parameters.Count).Where(index => !used.Contains(declared[index])))
            yield return $"The parameter {parameters[index].Name} is declared, but the statement does not use {declared[index]}.";
    }

    /// <summary>As the server's input functions read it; null for what was not sent.</summary>
    public static string? Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined or JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => value.GetRawText(),
    };
}
