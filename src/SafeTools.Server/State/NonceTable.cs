namespace SafeTools.Server.State;

/// <summary>Numbers used once.</summary>
internal sealed class NonceTable(Database database)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    public void Add(Nonce nonce, string subject)
    {
        // One that expired refuses whether it is known or not.
        database.Execute("delete from nonces where expires < @old", ("@old", (nonce.Expires - Kept).ToUnixTimeMilliseconds()));
        database.Execute(
            "insert into nonces (nonce, subject, audit_head, expires) values (@nonce, @subject, @head, @expires)",
            ("@nonce", nonce.Text),
            ("@subject", subject),
            ("@head", nonce.AuditHead),
            ("@expires", nonce.Expires.ToUnixTimeMilliseconds()));
    }

    /// <summary>Uses the number up, whatever the answer.</summary>
    /// <returns>Why it is not good for this, or null.</returns>
    public Refusal? Use(string text, string subject, string auditHead, DateTimeOffset now)
    {
        var found = database.Rows(
            "select subject, audit_head, expires, used is not null from nonces where nonce = @nonce",
            row => (Subject: row.GetString(0), Head: row.GetString(1), Expires: row.Time(2), Used: row.GetBoolean(3)),
            ("@nonce", text));
        if (found is not [var nonce])
        {
            return No("The store did not issue this number.");
        }

        if (nonce.Used)
        {
            return No("The number was used before.");
        }

        database.Execute("update nonces set used = @now where nonce = @nonce", ("@now", now.ToUnixTimeMilliseconds()), ("@nonce", text));
        return now >= nonce.Expires ? No("The number is older than two minutes.")
            : nonce.Subject != subject ? No("The number was issued for something else.")
            : nonce.Head != auditHead ? No("The signature names another audit head than the one issued with the number.")
            : null;
    }

    private static Refusal No(string message) => RefusalCatalog.NonceInvalid.Because(message);
}
