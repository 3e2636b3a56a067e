namespace SafeTools.Providers.Postgres;

/// <summary>
/// Words that can only mean a write or a row lock. The tree would show both, but the server takes their locks while it analyses: refused here, not even
/// that happens. A column that bears such a word as its name can be written in quotes.
/// </summary>
internal static class WriteWords
{
    /// <summary>Null where nothing speaks against it.</summary>
    public static Refusal? Judge(IReadOnlyList<SqlToken> tokens)
    {
        for (var at = 1; at + 1 < tokens.Count; at++)
        {
            if (tokens[at].Kind == SqlTokenKind.Word && Writes(tokens[at - 1], tokens[at].Text, tokens[at + 1]))
                return RefusalCatalog.NotARead.Because("The statement would change or lock rows.");
        }

        return null;
    }

    private static bool Writes(SqlToken before, string word, SqlToken after) => word switch
    {
        "insert" or "merge" => IsWord(after, "into"),
        "delete" => BeginsStatement(before) && IsWord(after, "from"),
        "update" => (BeginsStatement(before) && after.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName) || IsWord(before, "for"),
        "for" => IsWord(after, "update") || IsWord(after, "share") || IsWord(after, "key") || IsWord(after, "no"),
        _ => false,
    };

    /// <summary>A statement inside another stands in parentheses, or behind the last of its own common table expressions.</summary>
    private static bool BeginsStatement(SqlToken before) => before.Kind is SqlTokenKind.Opening or SqlTokenKind.Closing;

    private static bool IsWord(SqlToken token, string word) => token.Kind == SqlTokenKind.Word && token.Text == word;
}
