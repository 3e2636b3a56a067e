using System.Security.Cryptography;

namespace SafeTools.Tests.Support;

/// <summary>A person with a key.</summary>
internal sealed class Signer(string name, params string[] approves) : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string Name => name;

    public P256PublicKey Key => P256PublicKey.Of(_key);

    public Approver Approver => new(name, Key, approves.Length == 0 ? [Approver.Everything] : approves);

    /// <summary>The line for <c>approvers:</c>.</summary>
    public string Yaml => $"  - {{ name: {name}, key: \"{Key.Text}\", approves: [{string.Join(", ", Approver.Approves.Select(pattern => $"\"{pattern}\""))}] }}";

    public string Sign(byte[] lines) => Convert.ToBase64String(_key.SignData(lines, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));

    public Decision Decide(StoredAction action, Verdict verdict = Verdict.Approve, string store = Sample.Store, int epoch = 1, Nonce? nonce = null)
    {
        var unsigned = new Decision
        {
            ActionId = action.Id,
            Epoch = epoch,
            PreviewDigest = action.PreviewDigest,
            Verdict = verdict,
            Nonce = nonce?.Text ?? Identifier.NewNonce(),
            AuditHead = nonce?.AuditHead ?? AuditChain.Origin,
            Key = Key.Text,
            Signature = "",
        };
        return Signed(unsigned, store, action.Digest);
    }

    /// <summary>The decision with this person's signature over what it says now.</summary>
    public Decision Signed(Decision decision, string store, string actionDigest) =>
        decision with { Signature = Sign(SignedLines.OfDecision(decision, store, actionDigest)) };

    public PolicySignature Sign(string document, int epoch, string previous, string store = Sample.Store, Nonce? nonce = null)
    {
        var (digest, number, head) = (Digest.Of(document), nonce?.Text ?? Identifier.NewNonce(), nonce?.AuditHead ?? AuditChain.Origin);
        return new PolicySignature(epoch, digest, Key.Text, number, head, Sign(SignedLines.OfPolicy(store, epoch, digest, previous, number, head)));
    }

    public UnfreezeOrder Unfreeze(string principal, int epoch = 1, string store = Sample.Store, Nonce? nonce = null)
    {
        var (number, head) = (nonce?.Text ?? Identifier.NewNonce(), nonce?.AuditHead ?? AuditChain.Origin);
        return new UnfreezeOrder(principal, epoch, Key.Text, number, head, Sign(SignedLines.OfUnfreeze(store, epoch, principal, number, head)));
    }

    public void Dispose() => _key.Dispose();
}
