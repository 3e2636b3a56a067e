using System.Text.Json.Nodes;

namespace SafeTools;

/// <summary>
/// The entries that a store writes of its own changes. Every store writes them with these, and <see cref="AuditVerifier"/> reads the same names.
/// Bodies hold what may stay for ever; documents and reasons, which may tell of a person, are payloads.
/// </summary>
internal static class AuditDrafts
{
    public static AuditDraft StoreCreated(string store) => new(AuditKind.StoreCreated, new JsonObject { ["store"] = store });

    public static AuditDraft Proposed(StoredAction action) => Asked(AuditKind.ActionProposed, action);

    public static AuditDraft Begun(StoredAction action) => Asked(AuditKind.ActionBegun, action);

    /// <param name="open">The proposal that was found.</param>
    /// <param name="asked">The request that found it; its reason may be another one.</param>
    public static AuditDraft Repeated(StoredAction open, StoredAction asked) => new(AuditKind.ActionRepeated, new JsonObject { ["preview"] = open.PreviewDigest, ["fingerprint"] = Digest.Of(open.Fingerprint) })
    {
        Principal = open.Principal,
        ActionId = open.Id,
        Tool = open.Tool,
        Payload = Reason(asked.Reason),
    };

    /// <param name="action">As it is after the refresh.</param>
    public static AuditDraft Refreshed(StoredAction action) => new(
        AuditKind.PreviewRefreshed,
        new JsonObject { ["preview"] = action.PreviewDigest, ["fingerprint"] = Digest.Of(action.Fingerprint), ["blocked"] = action.Blocked is not null })
    {
        Principal = action.Principal,
        ActionId = action.Id,
        Tool = action.Tool,
    };

    /// <summary>Holds the number's digest: until it is used, the number is nobody's business.</summary>
    public static AuditDraft NonceIssued(string subject, string nonce) => new(
        AuditKind.NonceIssued,
        new JsonObject { ["subject"] = subject, ["nonce"] = Digest.Of(nonce) });

    /// <param name="status">What the decision led to.</param>
    public static AuditDraft Accepted(Decision decision, StoredAction action, ActionStatus status) => new(
        AuditKind.DecisionAccepted,
        new JsonObject
        {
            ["epoch"] = decision.Epoch,
            ["preview"] = decision.PreviewDigest,
            ["verdict"] = decision.Verdict.Word(),
            ["nonce"] = decision.Nonce,
            ["audit_head"] = decision.AuditHead,
            ["key"] = decision.Key,
            ["signature"] = decision.Signature,
            ["status"] = status.Word(),
        })
    {
        Principal = action.Principal,
        ActionId = action.Id,
        Tool = action.Tool,
        Payload = Reason(decision.Reason),
    };

    public static AuditDraft Refused(Decision decision, StoredAction? action, Refusal refusal) => new(
        AuditKind.DecisionRefused,
        new JsonObject { ["code"] = refusal.Code.Id, ["key"] = decision.Key, ["verdict"] = decision.Verdict.Word() })
    {
        Principal = action?.Principal,
        ActionId = decision.ActionId,
        Tool = action?.Tool,
    };

    /// <param name="enough">It is the accepted policy now.</param>
    public static AuditDraft Accepted(PolicySignature signature, bool enough) => new(
        enough ? AuditKind.PolicyAccepted : AuditKind.PolicySigned,
        new JsonObject
        {
            ["epoch"] = signature.Epoch,
            ["digest"] = signature.PolicyDigest,
            ["key"] = signature.Key,
            ["nonce"] = signature.Nonce,
            ["audit_head"] = signature.AuditHead,
            ["signature"] = signature.Signature,
        });

    public static AuditDraft Refused(PolicySignature signature, Refusal refusal) => new(
        AuditKind.PolicyRefused,
        new JsonObject { ["code"] = refusal.Code.Id, ["epoch"] = signature.Epoch, ["digest"] = signature.PolicyDigest, ["key"] = signature.Key });

    public static AuditDraft Frozen(string principal) => new(AuditKind.Frozen, new JsonObject { ["principal"] = principal });

    public static AuditDraft Unfrozen(UnfreezeOrder order) => new(
        AuditKind.Unfrozen,
        new JsonObject
        {
            ["principal"] = order.Principal,
            ["epoch"] = order.Epoch,
            ["key"] = order.Key,
            ["nonce"] = order.Nonce,
            ["audit_head"] = order.AuditHead,
            ["signature"] = order.Signature,
        });

    public static AuditDraft Refused(UnfreezeOrder order, Refusal refusal) => new(
        AuditKind.UnfreezeRefused,
        new JsonObject { ["code"] = refusal.Code.Id, ["principal"] = order.Principal, ["key"] = order.Key });

    private static AuditDraft Asked(AuditKind kind, StoredAction action) => new(
        kind,
        new JsonObject
        {
            ["digest"] = action.Digest,
            ["preview"] = action.PreviewDigest,
            ["fingerprint"] = Digest.Of(action.Fingerprint),
            ["environment"] = action.Environment.Word(),
            ["effect"] = action.Effect.Word(),
            ["required"] = action.Required,
            ["blocked"] = action.Blocked is not null,
        })
    {
        Principal = action.Principal,
        ActionId = action.Id,
        Tool = action.Tool,
        Payload = new JsonObject { ["document"] = action.Document, ["reason"] = action.Reason },
    };

    private static JsonObject? Reason(string? reason) => reason is null ? null : new JsonObject { ["reason"] = reason };
}
