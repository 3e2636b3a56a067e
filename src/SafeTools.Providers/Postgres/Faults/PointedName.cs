namespace SafeTools.Providers.Postgres;

/// <summary>The name that the server points at in a statement.</summary>
internal static class PointedName
{
    private const int Longest = 64;

    /// <param name="position">As the protocol has it: in characters, the first is 1 (postgresql.org/docs/15/protocol-error-fields.html).</param>
    /// <param name="meant">
    /// What the server says, which must hold the name too. Where it counts otherwise (bytes, in a database without an encoding) it means another one.
    /// </param>
    /// <returns>Letters, digits, underscores of ASCII, and dots between; at most 64. Empty where anything else stands there.</returns>
    public static string At(string sql, int position, string meant)
    {
        var start = Index(sql, position);
        if (start > 0 && IsPart(sql[start - 1]))
            return "";
        var end = EndOfPart(sql, ref start);
        if (end == start || char.IsAsciiDigit(sql[start]))
            return "";
        var whole = end;
        while (whole + 1 < sql.Length && sql[whole] == '.' && IsPart(sql[whole + 1]))
            whole = EndOfWord(sql, whole + 1);
        return Said(sql[start..whole], meant) ?? Said(sql[start..end], meant) ?? "";
    }

    private static string? Said(string name, string meant) =>
        name.Length <= Longest && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.') && meant.Contains(name, StringComparison.OrdinalIgnoreCase) ? name : null;

    private static int Index(string sql, int position)
    {
        var index = 0;
        foreach (var rune in sql.EnumerateRunes())
        {
            if (--position <= 0)
                break;
            index += rune.Utf16SequenceLength;
        }

        return index;
    }

    private static int EndOfPart(string sql, ref int start)
    {
        if (start < sql.Length && sql[start] == '"')
            start++;
        return EndOfWord(sql, start);
    }

    private static int EndOfWord(string sql, int at)
    {
        while (at < sql.Length && IsPart(sql[at]))
            at++;
        return at;
    }

    /// <summary>Of a name without quotes, as the server's scanner sees it.</summary>
    private static bool IsPart(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' or >= '\u0080';
}
