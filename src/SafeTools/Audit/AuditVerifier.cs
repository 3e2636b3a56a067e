using System.Text.Json;
using System.Text.Json.Nodes;

namespace SafeTools;

/// <summary>
/// Reads a chain from its first entry: every link, and every signature in it against the accepted policies. A signature that verifies anchors
/// the entry it names, which must be the one that issued its number, and so everything before that entry.
/// </summary>
/// <param name="storeId">The store that the chain says it is of.</param>
/// <param name="approvers">The approvers of the accepted policy of an epoch; null for one that is not known.</param>
internal sealed class AuditVerifier(string storeId, Func<int, IReadOnlyList<Approver>?> approvers)
{
    private readonly Dictionary<string, (long Sequence, string Subject, string Nonce)> _issued = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _proposed = new(StringComparer.Ordinal);
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private (long Sequence, string Hash, DateTimeOffset Time) _before = (0, AuditChain.Origin, DateTimeOffset.MinValue);
    private (int Epoch, string Digest) _accepted = (0, PolicyVerifier.Genesis);
    private long _entries;
    private long _anchored;
    private AuditFault? _fault;

    public AuditVerification Result => new(_entries, _fault, _anchored);

    public static async Task<AuditVerification> Verify(
        string storeId, IAsyncEnumerable<AuditEntry> entries, Func<int, IReadOnlyList<Approver>?> approvers, CancellationToken cancellationToken)
    {
        var verifier = new AuditVerifier(storeId, approvers);
        try
        {
            await foreach (var entry in entries.WithCancellation(cancellationToken))
            {
                verifier.Read(entry);
            }
        }
        catch (StoreException exception) when (exception.Refusal.Code == RefusalCatalog.AuditBroken)
        {
            verifier._fault ??= new AuditFault(verifier._entries + 1, $"entry {verifier._entries + 1} or one soon after it cannot be read");
        }

        return verifier.Result;
    }

    /// <summary>The next entry.</summary>
    public void Read(AuditEntry entry)
    {
        _entries++;
        if (_fault is not null)
        {
            return;
        }

        string? words;
        try
        {
            words = AuditChain.Fault(_before, entry) ?? Content(entry);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or ArgumentException)
        {
            words = $"entry {entry.Sequence} does not hold what its kind holds";
        }

        _fault = words is null ? null : new AuditFault(entry.Sequence, words);
        _before = (entry.Sequence, entry.Hash, entry.Time);
    }

    private string? Content(AuditEntry entry)
    {
        var body = entry.BodyJson;
        if (entry.Sequence == 1)
        {
            return entry.Kind == AuditKind.StoreCreated.Word() && Text(body, "store") == storeId ? null : "entry 1 is not the making of this store";
        }

        if (entry.Kind == AuditKind.NonceIssued.Word())
        {
            _issued[entry.Hash] = (entry.Sequence, Text(body, "subject"), Text(body, "nonce"));
        }
        else if (entry.Kind == AuditKind.ActionProposed.Word())
        {
            return _proposed.TryAdd(entry.ActionId ?? "", Text(body, "digest")) ? null : $"entry {entry.Sequence} proposes an action a second time";
        }
        else if (entry.Kind == AuditKind.DecisionAccepted.Word())
        {
            return Decision(entry, body);
        }
        else if (entry.Kind == AuditKind.PolicySigned.Word() || entry.Kind == AuditKind.PolicyAccepted.Word())
        {
            return Policy(entry, body);
        }
        else if (entry.Kind == AuditKind.Unfrozen.Word())
        {
            var principal = Text(body, "principal");
            var epoch = Number(body, "epoch");
            return Anchor(entry, body, epoch, "unfreeze:" + principal, everything: true, SignedLines.OfUnfreeze(storeId, epoch, principal, Text(body, "nonce"), Text(body, "audit_head")));
        }

        return null;
    }

    private string? Decision(AuditEntry entry, JsonObject body)
    {
        if (!_proposed.TryGetValue(entry.ActionId ?? "", out var digest))
        {
            return $"entry {entry.Sequence} decides an action that was not proposed";
        }

        var epoch = Number(body, "epoch");
        var verdict = Verdicts.Parse(Text(body, "verdict")) ?? throw new FormatException("Unknown verdict.");
        return Anchor(entry, body, epoch, "action:" + entry.ActionId, everything: false,
            SignedLines.OfDecision(storeId, epoch, digest, Text(body, "preview"), verdict, Text(body, "nonce"), Text(body, "audit_head")));
    }

    private string? Policy(AuditEntry entry, JsonObject body)
    {
        var (epoch, digest) = (Number(body, "epoch"), Text(body, "digest"));
        if (epoch != _accepted.Epoch + 1)
        {
            return $"entry {entry.Sequence} signs a policy that is not the next one";
        }

        // The first policy brings its own signer; each later one is signed by approvers of the one before.
        var fault = Anchor(entry, body, Math.Max(1, _accepted.Epoch), "policy:" + digest, everything: true,
            SignedLines.OfPolicy(storeId, epoch, digest, _accepted.Digest, Text(body, "nonce"), Text(body, "audit_head")));
        if (fault is null && entry.Kind == AuditKind.PolicyAccepted.Word())
        {
            _accepted = (epoch, digest);
        }

        return fault;
    }

    private string? Anchor(AuditEntry entry, JsonObject body, int epoch, string subject, bool everything, byte[] lines)
    {
        var (nonce, key) = (Text(body, "nonce"), Text(body, "key"));
        if (!_issued.TryGetValue(Text(body, "audit_head"), out var issued))
        {
            return $"entry {entry.Sequence} signs an audit head that is not in the chain";
        }

        if (issued.Subject != subject || issued.Nonce != Digest.Of(nonce) || !_used.Add(nonce))
        {
            return $"entry {entry.Sequence} uses a number that was not issued for it, or used before";
        }

        if (approvers(epoch) is not { } known)
        {
            return $"entry {entry.Sequence} is signed under policy {epoch}, which is not known";
        }

        if (known.FirstOrDefault(approver => approver.Key.Text == key && (!everything || approver.ApprovesEverything)) is not { } signer
            || !DecisionVerifier.Signed(signer.Key, lines, Text(body, "signature")))
        {
            return $"the signature in entry {entry.Sequence} is not an approver's over what it says";
        }

        _anchored = Math.Max(_anchored, issued.Sequence);
        return null;
    }

    private static string Text(JsonObject body, string name) => body[name]?.GetValue<string>() ?? throw new FormatException("A field is missing.");

    private static int Number(JsonObject body, string name) => body[name]?.GetValue<int>() ?? throw new FormatException("A field is missing.");
}
