namespace SafeTools;

/// <summary>An approver's signed verdict on one action, as evidence: everything needed to verify it again.</summary>
internal sealed record Decision
{
    public required string ActionId { get; init; }

    public required int Epoch { get; init; }

    /// <summary>Of the preview that the approver saw.</summary>
    public required string PreviewDigest { get; init; }

    public required Verdict Verdict { get; init; }

    public required string Nonce { get; init; }

    /// <summary>Hash of the newest audit entry when the nonce was issued.</summary>
    public required string AuditHead { get; init; }

    /// <summary>The public key's text.</summary>
    public required string Key { get; init; }

    /// <summary>ECDSA P-256 over SHA-256 of <see cref="SignedLines"/>, IEEE P1363, base64.</summary>
    public required string Signature { get; init; }

    /// <summary>A rejection's reason, for the agent; not signed.</summary>
    public string? Reason { get; init; }
}
