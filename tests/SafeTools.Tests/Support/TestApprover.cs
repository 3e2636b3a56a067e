using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace SafeTools.Tests.Support;

/// <summary>A person with a real P-256 key.</summary>
internal sealed class TestApprover(string name) : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string Name => name;

    public string Key => P256PublicKey.Of(_key).Text;

    public Approver Approver => new(name, P256PublicKey.Of(_key), [Approver.Everything]);

    /// <summary>A document as far as the chain of acceptances looks into it.</summary>
    public static string PolicyDocument(string note, int signers, params TestApprover[] approvers) => CanonicalJson.Text(new JsonObject
    {
        ["version"] = 1,
        ["source"] = new JsonObject { ["note"] = note },
        ["signers"] = signers,
        ["approvers"] = new JsonArray([.. approvers.Select(approver => new JsonObject
        {
            ["name"] = approver.Name,
            ["key"] = approver.Key,
            ["approves"] = JsonValues.Array([Approver.Everything]),
        })]),
    });

    public Decision Decide(string store, StoredAction action, Nonce nonce, Verdict verdict = Verdict.Approve, int epoch = 1) => new()
    {
        ActionId = action.Id,
        Epoch = epoch,
        PreviewDigest = action.PreviewDigest,
        Verdict = verdict,
        Nonce = nonce.Text,
        AuditHead = nonce.AuditHead,
        Key = Key,
        Signature = Sign(SignedLines.OfDecision(store, epoch, action.Digest, action.PreviewDigest, verdict, nonce.Text, nonce.AuditHead)),
    };

    public PolicySignature Accept(string store, string document, AcceptedPolicy? before, Nonce nonce)
    {
        var epoch = (before?.Epoch ?? 0) + 1;
        var digest = Digest.Of(document);
        var lines = SignedLines.OfPolicy(store, epoch, digest, before?.Digest ?? PolicyVerifier.Genesis, nonce.Text, nonce.AuditHead);
        return new PolicySignature(epoch, digest, Key, nonce.Text, nonce.AuditHead, Sign(lines));
    }

    public UnfreezeOrder Unfreeze(string store, string principal, Nonce nonce, int epoch = 1) =>
        new(principal, epoch, Key, nonce.Text, nonce.AuditHead, Sign(SignedLines.OfUnfreeze(store, epoch, principal, nonce.Text, nonce.AuditHead)));

    public void Dispose() => _key.Dispose();

    private string Sign(byte[] lines) => Convert.ToBase64String(_key.SignData(lines, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
}
