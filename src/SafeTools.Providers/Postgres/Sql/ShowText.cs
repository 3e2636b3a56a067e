namespace SafeTools.Providers.Postgres;

/// <summary>SHOW for what it is: a look at a setting. Only of settings that say how values are read and written, never how the server is kept.</summary>
internal static class ShowText
{
    private static readonly HashSet<string> Harmless = new(StringComparer.Ordinal)
    {
        "block_size", "bytea_output", "client_encoding", "datestyle", "default_text_search_config", "default_transaction_isolation",
        "default_transaction_read_only", "extra_float_digits", "integer_datetimes", "intervalstyle", "lc_collate", "lc_ctype", "lc_messages", "lc_monetary",
        "lc_numeric", "lc_time", "lock_timeout", "max_identifier_length", "search_path", "server_encoding", "server_version", "server_version_num",
        "standard_conforming_strings", "statement_timeout", "timezone", "transaction_isolation", "transaction_read_only", "work_mem",
    };

    public static Refusal? Read(IReadOnlyList<SqlToken> tokens, out ReadText? read)
    {
        read = null;
        var name = tokens.Skip(1).Select(token => token.Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName ? token.Text : "").ToArray() switch
        {
            [var one] => one.ToLowerInvariant(),
            ["time", "zone"] => "timezone",
            ["transaction", "isolation", "level"] => "transaction_isolation",
            _ => null,
        };
        if (name is null || !Harmless.Contains(name))
            return RefusalCatalog.NotARead.Because("SHOW is allowed of settings about versions, formats, encodings and time, such as server_version, timezone or search_path.");
        read = new ReadText(ReadKind.Show, "", $"SHOW {name}", new HashSet<string>());
        return null;
    }
}
