using System.Security.Cryptography;
using System.Text;

namespace SafeTools;

/// <summary>Links entries by hash, and checks the links. Pure but for the salts of payloads.</summary>
internal static class AuditChain
{
    /// <summary>What the first entry points back to.</summary>
    public static string Origin { get; } = new('0', 64);

    /// <param name="head">The newest entry's sequence and hash; (0, <see cref="Origin"/>) for an empty chain.</param>
    public static AuditEntry Next((long Sequence, string Hash) head, AuditDraft draft, DateTimeOffset time)
    {
        (string Salt, string Text)? payload = draft.Payload is null
            ? null
            : (Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), CanonicalJson.Text(draft.Payload));
        var entry = new AuditEntry(
            head.Sequence + 1,
            DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds()),
            draft.Kind.Word(),
            draft.Principal,
            draft.ActionId,
            draft.Tool,
            CanonicalJson.Text(draft.Body),
            payload is { } kept ? Commit(kept.Salt, kept.Text) : null,
            head.Hash,
            "") { Payload = payload };
        return entry with { Hash = HashOf(entry) };
    }

    public static string HashOf(AuditEntry entry) => Digest.Of(entry.ToJson());

    public static string Commit(string salt, string text) => Digest.Of(Encoding.UTF8.GetBytes(salt + "\n" + text));

    /// <summary>What is wrong with a link, or null.</summary>
    public static string? Fault((long Sequence, string Hash, DateTimeOffset Time) before, AuditEntry entry)
    {
        if (entry.Sequence != before.Sequence + 1)
        {
            return $"entry {before.Sequence + 1} is missing";
        }

        if (entry.Previous != before.Hash)
        {
            return $"entry {entry.Sequence} does not follow the one before it";
        }

        if (entry.Time < before.Time)
        {
            return $"entry {entry.Sequence} is dated before the one before it";
        }

        if (HashOf(entry) != entry.Hash)
        {
            return $"entry {entry.Sequence} was edited";
        }

        return entry.Payload is { } payload && Commit(payload.Salt, payload.Text) != entry.Commitment
            ? $"the payload of entry {entry.Sequence} was edited"
            : null;
    }
}
