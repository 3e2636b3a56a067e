namespace SafeTools;

/// <summary>Checks the chain of acceptances: genesis signs itself in, every later policy is signed by keys of the one before.</summary>
internal static class PolicyVerifier
{
    public const string Genesis = "genesis";

    /// <summary>The fault in the chain, or null. An empty chain is whole.</summary>
    public static Refusal? Verify(string storeId, IReadOnlyList<AcceptedPolicy> chain)
    {
        try
        {
            return Walk(storeId, chain) ?? (chain.Any(policy => PolicyDocument.IsNewer(policy.Document)) ? Newer : null);
        }
        catch (FormatException)
        {
            return chain.Any(policy => PolicyDocument.IsNewer(policy.Document)) ? Newer : RefusalCatalog.PolicyNotSigned.Because("An accepted policy in the store is malformed.");
        }
    }

    private static Refusal Newer => RefusalCatalog.PolicyOfAnotherVersion.Because("The policy was accepted by a newer version of SafeTools than this one.");

    private static Refusal? Walk(string storeId, IReadOnlyList<AcceptedPolicy> chain)
    {
        AcceptedPolicy? before = null;
        foreach (var policy in chain)
        {
            if (policy.Epoch != (before?.Epoch ?? 0) + 1)
            {
                return RefusalCatalog.PolicyNotSigned.Because("An accepted policy is missing from the store.");
            }

            if (Persons(storeId, policy.Epoch, policy.Document, before, policy.Signatures).Count < RequiredSigners(before))
            {
                return RefusalCatalog.PolicyNotSigned.Because($"The signatures under policy {policy.Epoch} do not verify.");
            }

            before = policy;
        }

        return null;
    }

    /// <summary>Whether one more signature under the next policy counts, and whether it is enough now.</summary>
    /// <param name="signature">The new one.</param>
    /// <param name="signatures">All for the next policy, the new one included.</param>
    public static (Refusal? Refusal, bool Enough) Rule(
        string storeId, string document, PolicySignature signature, IReadOnlyList<AcceptedPolicy> chain, IReadOnlyList<PolicySignature> signatures)
    {
        if (Verify(storeId, chain) is { } broken)
        {
            return (broken, false);
        }

        var before = chain.Count == 0 ? null : chain[^1];
        if (Persons(storeId, chain.Count + 1, document, before, [signature]).Count == 0)
        {
            return (RefusalCatalog.SignatureInvalid.Because($"Only an approver of {Approver.Everything} in the policy before may sign the next one."), false);
        }

        return (null, Persons(storeId, chain.Count + 1, document, before, signatures).Count >= RequiredSigners(before));
    }

    /// <summary>Persons whose signature under the new policy verifies and who may sign it.</summary>
    public static IReadOnlyList<string> Persons(string storeId, int epoch, string document, AcceptedPolicy? before, IEnumerable<PolicySignature> signatures)
    {
        var digest = Digest.Of(document);
        var approvers = PolicyDocument.Approvers(before?.Document ?? document).Where(approver => approver.ApprovesEverything).ToArray();
        return
        [
            .. signatures
                .Where(signature => signature.Epoch == epoch && signature.PolicyDigest == digest)
                .Select(signature => (Signature: signature, Approver: approvers.FirstOrDefault(approver => approver.Key.Text == signature.Key)))
                .Where(pair => pair.Approver is not null && DecisionVerifier.Signed(
                    pair.Approver.Key,
                    SignedLines.OfPolicy(storeId, epoch, digest, before?.Digest ?? Genesis, pair.Signature.Nonce, pair.Signature.AuditHead),
                    pair.Signature.Signature))
                .Select(pair => pair.Approver!.Name)
                .Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>Number and digest of each accepted policy, as the audit tells.</summary>
    public static IEnumerable<(int Epoch, string Digest)> Told(IEnumerable<AuditEntry> entries) => entries
        .Where(entry => entry.Kind == AuditKind.PolicyAccepted.Word())
        .Select(entry => (entry.BodyJson.Required("epoch").GetValue<int>(), entry.BodyJson.Required("digest").GetValue<string>()));

    public static int RequiredSigners(AcceptedPolicy? before) => before is null ? 1 : PolicyDocument.Signers(before.Document);
}
