namespace SafeTools;

/// <summary>Believes nothing but a signature by a key of the accepted policy over exactly this action, in this epoch, on a preview with this fingerprint.</summary>
internal static class DecisionVerifier
{
    /// <param name="storeId">The store that issued the nonce.</param>
    /// <param name="previewFingerprints">Digests of the previews that this action has had, each with its fingerprint.</param>
    public static Refusal? Verify(
        Decision decision,
        StoredAction action,
        string storeId,
        IReadOnlyDictionary<string, string> previewFingerprints,
        Standing standing,
        out VerifiedDecision? verified)
    {
        verified = null;
        var approver = standing.Policy.Approvers.FirstOrDefault(known => known.Key.Text == decision.Key);
        if (approver is null)
        {
            return RefusalCatalog.NotAnApprover.Because("The key is not in the accepted policy.");
        }

        if (decision.ActionId != action.Id || !Signed(approver.Key, SignedLines.OfDecision(decision, storeId, action.Digest), decision.Signature))
        {
            return RefusalCatalog.SignatureInvalid.Because("The signature is not this key's over this action, verdict and preview.");
        }

        if (decision.Epoch != standing.Epoch)
        {
            return RefusalCatalog.PolicyChanged.Because("The decision was made under another accepted policy.");
        }

        if (!approver.MayApprove(action.Tool, action.Environment))
        {
            return RefusalCatalog.NotAnApprover.Because($"{approver.Name} may not approve {action.Tool} in {action.Environment.Word()}.");
        }

        if (previewFingerprints.GetValueOrDefault(decision.PreviewDigest) != action.Fingerprint)
        {
            return RefusalCatalog.Stale.Because("The approver saw other facts than those that stand now.");
        }

        verified = new VerifiedDecision(approver, decision.Verdict);
        return null;
    }

    /// <summary>Whether <paramref name="signature"/> (base64) is the key's over the lines.</summary>
    public static bool Signed(P256PublicKey key, byte[] lines, string signature)
    {
        var bytes = new byte[66];
        return Convert.TryFromBase64String(signature, bytes, out var length) && key.Verifies(lines, bytes.AsSpan(0, length));
    }
}
