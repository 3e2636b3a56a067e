using SafeTools.Server.Serving;

namespace SafeTools.Server.Cli;

/// <summary>The three things an approver signs. The command line and the demo's throwaway key go the same way.</summary>
internal static class Signing
{
    public static async Task<Judged> Decide(Runtime runtime, StoredAction action, Verdict verdict, string? reason, Signer signer, CancellationToken cancellationToken)
    {
        var standing = await runtime.Catalog.Standing(cancellationToken).ConfigureAwait(false);
        var nonce = await runtime.Store.IssueNonce($"action:{action.Id}", cancellationToken).ConfigureAwait(false);
        var unsigned = new Decision
        {
            ActionId = action.Id,
            Epoch = standing.Epoch,
            PreviewDigest = action.PreviewDigest,
            Verdict = verdict,
            Nonce = nonce.Text,
            AuditHead = nonce.AuditHead,
            Key = signer.Approver.Key.Text,
            Signature = "",
            Reason = reason,
        };
        var decision = unsigned with { Signature = signer.Sign(SignedLines.OfDecision(unsigned, runtime.Store.Id, action.Digest)) };
        return await runtime.Pipeline.Decide(decision, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Null: signed. Whether that was enough shows in the store's epoch.</summary>
    public static async Task<Refusal?> Accept(Runtime runtime, string document, Signer signer, CancellationToken cancellationToken)
    {
        var chain = await runtime.Store.Policies(cancellationToken).ConfigureAwait(false);
        var before = chain.Count == 0 ? null : chain[^1];
        var epoch = chain.Count + 1;
        var digest = Digest.Of(document);
        var nonce = await runtime.Store.IssueNonce($"policy:{digest}", cancellationToken).ConfigureAwait(false);
        var lines = SignedLines.OfPolicy(runtime.Store.Id, epoch, digest, before?.Digest ?? PolicyVerifier.Genesis, nonce.Text, nonce.AuditHead);
        var signature = new PolicySignature(epoch, digest, signer.Approver.Key.Text, nonce.Text, nonce.AuditHead, signer.Sign(lines));
        return await runtime.Store.Accept(document, signature, (stored, signatures) => PolicyVerifier.Rule(runtime.Store.Id, document, signature, stored, signatures), cancellationToken).ConfigureAwait(false);
    }

    public static async Task<Refusal?> Unfreeze(Runtime runtime, string principal, Signer signer, CancellationToken cancellationToken)
    {
        var standing = await runtime.Catalog.Standing(cancellationToken).ConfigureAwait(false);
        var policies = await runtime.Store.Policies(cancellationToken).ConfigureAwait(false);
        var nonce = await runtime.Store.IssueNonce($"unfreeze:{principal}", cancellationToken).ConfigureAwait(false);
        var lines = SignedLines.OfUnfreeze(runtime.Store.Id, standing.Epoch, principal, nonce.Text, nonce.AuditHead);
        var order = new UnfreezeOrder(principal, standing.Epoch, signer.Approver.Key.Text, nonce.Text, nonce.AuditHead, signer.Sign(lines));
        return await runtime.Store.Unfreeze(order, one => FreezeLedger.Rule(runtime.Store.Id, one, policies), cancellationToken).ConfigureAwait(false);
    }
}
