using Microsoft.Data.Sqlite;

namespace SafeTools.Server.State;

/// <summary>Accepted decisions, kept as the evidence that they are.</summary>
internal sealed class DecisionTable(Database database)
{
    public IReadOnlyList<Decision> Of(string actionId) => database.Rows(
        "select action, epoch, preview, verdict, nonce, audit_head, key, signature, reason from decisions where action = @action order by number",
        Map,
        ("@action", actionId));

    public void Add(Decision decision) => database.Execute(
        """
        insert into decisions (action, epoch, preview, verdict, nonce, audit_head, key, signature, reason)
        values (@action, @epoch, @preview, @verdict, @nonce, @head, @key, @signature, @reason)
        """,
        ("@action", decision.ActionId),
        ("@epoch", decision.Epoch),
        ("@preview", decision.PreviewDigest),
        ("@verdict", decision.Verdict.Word()),
        ("@nonce", decision.Nonce),
        ("@head", decision.AuditHead),
        ("@key", decision.Key),
        ("@signature", decision.Signature),
        ("@reason", decision.Reason));

    private static Decision Map(SqliteDataReader row) => new()
    {
        ActionId = row.GetString(0),
        Epoch = row.GetInt32(1),
        PreviewDigest = row.GetString(2),
        Verdict = Verdicts.Parse(row.GetString(3)) ?? throw new FormatException("Unknown verdict."),
        Nonce = row.GetString(4),
        AuditHead = row.GetString(5),
        Key = row.GetString(6),
        Signature = row.GetString(7),
        Reason = row.Text(8),
    };
}
