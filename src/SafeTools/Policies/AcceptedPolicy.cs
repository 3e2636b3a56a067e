namespace SafeTools;

/// <summary>A numbered, signed copy of the policy.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Document">Canonical text (<see cref="PolicyDocument"/>).</param>
/// <param name="Signatures">By different persons; as many as the policy before asks for.</param>
internal sealed record AcceptedPolicy(int Epoch, string Document, IReadOnlyList<PolicySignature> Signatures)
{
    public string Digest => SafeTools.Digest.Of(Document);
}
