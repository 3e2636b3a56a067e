namespace SafeTools.Server.State;

/// <summary>One write transaction: its time, and the chain that grows in it.</summary>
internal sealed class StoreChange(AuditTable audit, AuditEntry? head, DateTimeOffset now)
{
    /// <summary>To the millisecond; never earlier than the newest entry.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>The newest entry, this transaction's included.</summary>
    public (long Sequence, string Hash) Head { get; private set; } = head is null ? (0, AuditChain.Origin) : (head.Sequence, head.Hash);

    public AuditEntry Append(AuditDraft draft)
    {
        var entry = AuditChain.Next(Head, draft, Now);
        audit.Add(entry);
        Head = (entry.Sequence, entry.Hash);
        return entry;
    }
}
