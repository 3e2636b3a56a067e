using Microsoft.Data.Sqlite;

namespace SafeTools.Server.State;

/// <summary>The chain; payloads stand beside it, so that one can be erased without breaking a link.</summary>
internal sealed class AuditTable(Database database)
{
    private const string Select = """
        select a.sequence, a.time, a.kind, a.principal, a.action, a.tool, a.body, a.commitment, a.previous, a.hash, p.salt, p.text
        from audit a left join payloads p on p.sequence = a.sequence
        """;

    public IReadOnlyList<AuditEntry> From(long sequence, int most = int.MaxValue) =>
        database.Rows($"{Select} where a.sequence >= @sequence order by a.sequence limit @most", Map, ("@sequence", sequence), ("@most", most));

    public AuditEntry? Newest() => database.Rows($"{Select} order by a.sequence desc limit 1", Map) is [var newest] ? newest : null;

    // The kinds are written out so that SQLite uses the index that holds only these.
    public IReadOnlyList<AuditEntry> Ledger() =>
        database.Rows($"{Select} where a.kind in ('policy.accepted', 'principal.frozen', 'principal.unfrozen') order by a.sequence", Map);

    public IReadOnlyList<AuditEntry> Of(string actionId) => database.Rows($"{Select} where a.action = @action order by a.sequence", Map, ("@action", actionId));

    public void Add(AuditEntry entry)
    {
        database.Execute(
            """
            insert into audit (sequence, time, kind, principal, action, tool, body, commitment, previous, hash)
            values (@sequence, @time, @kind, @principal, @action, @tool, @body, @commitment, @previous, @hash)
            """,
            ("@sequence", entry.Sequence),
            ("@time", entry.Time.ToUnixTimeMilliseconds()),
            ("@kind", entry.Kind),
            ("@principal", entry.Principal),
            ("@action", entry.ActionId),
            ("@tool", entry.Tool),
            ("@body", entry.Body),
            ("@commitment", entry.Commitment),
            ("@previous", entry.Previous),
            ("@hash", entry.Hash));
        if (entry.Payload is { } payload)
        {
            database.Execute(
                "insert into payloads (sequence, salt, text) values (@sequence, @salt, @text)",
                ("@sequence", entry.Sequence),
                ("@salt", payload.Salt),
                ("@text", payload.Text));
        }
    }

    private static AuditEntry Map(SqliteDataReader row) => new(
        row.GetInt64(0), row.Time(1), row.GetString(2), row.Text(3), row.Text(4), row.Text(5), row.Json(6), row.Text(7), row.GetString(8), row.GetString(9))
    {
        Payload = row.Text(10) is { } salt ? (salt, row.GetString(11)) : null,
    };
}
