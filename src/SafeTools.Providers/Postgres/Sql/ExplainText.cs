namespace SafeTools.Providers.Postgres;

/// <summary>
/// EXPLAIN for what it is: the plan of a read. The statement behind it is judged like any other; its options are read here and written anew, so that
/// nothing of the agent's stands before the statement. ANALYZE executes, so it is none, unless it is said to be off.
/// </summary>
internal static class ExplainText
{
    private static readonly string[] Switches = ["verbose", "costs", "summary"];

    /// <summary>What these say is true only of an execution; off is what they are without a word.</summary>
    private static readonly string[] OffOnly = ["analyze", "buffers", "timing", "wal", "memory", "serialize"];
    private static readonly string[] Formats = ["text", "json", "yaml", "xml"];
    private static readonly string[] On = ["on", "true", "1"];
    private static readonly string[] Off = ["off", "false", "0"];

    public static Refusal? Read(string sql, IReadOnlyList<SqlToken> tokens, out ReadText? read)
    {
        read = null;
        var options = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var at = 1;
        var understood = at < tokens.Count && tokens[at].Kind == SqlTokenKind.Opening && !TextCaps.BeginsLikeARead(tokens, at)
            ? ReadList(tokens, ref at, options)
            : ReadWords(tokens, ref at, options);
        if (!understood || !TextCaps.BeginsLikeARead(tokens, at))
            return RefusalCatalog.NotARead.Because("EXPLAIN is allowed of one SELECT, with VERBOSE, COSTS and FORMAT; ANALYZE would execute it.");
        var body = sql[tokens[at].Start..];
        var written = string.Join(", ", options.Select(option => $"{option.Key} {option.Value}"));
        read = new ReadText(ReadKind.Explain, body, $"EXPLAIN ({(written.Length == 0 ? "costs on" : written)}) {body}", TextCaps.NamesOf(tokens.Skip(at)));
        return null;
    }

    /// <summary><c>EXPLAIN VERBOSE SELECT …</c></summary>
    private static bool ReadWords(IReadOnlyList<SqlToken> tokens, ref int at, SortedDictionary<string, string> options)
    {
        if (at < tokens.Count && tokens[at] is { Kind: SqlTokenKind.Word, Text: "verbose" })
        {
            options["verbose"] = "on";
            at++;
        }

        return true;
    }

    /// <summary><c>EXPLAIN (FORMAT JSON, COSTS OFF) SELECT …</c></summary>
    private static bool ReadList(IReadOnlyList<SqlToken> tokens, ref int at, SortedDictionary<string, string> options)
    {
        do
        {
            at++;
            if (at >= tokens.Count || tokens[at].Kind != SqlTokenKind.Word)
                return false;
            var name = tokens[at++].Text;
            var said = at < tokens.Count && tokens[at].Kind is SqlTokenKind.Word or SqlTokenKind.Number or SqlTokenKind.QuotedName ? tokens[at++].Text : null;
            if (Value(name, said) is not { } value)
                return false;
            // One that must be off is not sent on, because not every version knows it.
            if (!OffOnly.Contains(name, StringComparer.Ordinal) && !options.TryAdd(name, value))
                return false;
        }
        while (at < tokens.Count && tokens[at] is { Kind: SqlTokenKind.Operator, Text: "," });

        return at < tokens.Count && tokens[at++].Kind == SqlTokenKind.Closing;
    }

    /// <summary>Null for whatever executes, or that nobody thought of.</summary>
    private static string? Value(string name, string? said)
    {
        if (name == "format")
            return said is not null && Formats.Contains(said, StringComparer.Ordinal) ? said : null;
        if (OffOnly.Contains(name, StringComparer.Ordinal))
            return said is not null && (Off.Contains(said, StringComparer.Ordinal) || (name == "serialize" && said == "none")) ? "off" : null;
        if (!Switches.Contains(name, StringComparer.Ordinal))
            return null;
        return said is null || On.Contains(said, StringComparer.Ordinal) ? "on" : Off.Contains(said, StringComparer.Ordinal) ? "off" : null;
    }
}
