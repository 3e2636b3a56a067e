namespace SafeTools;

/// <summary>One person's signature under a policy (<see cref="SignedLines.OfPolicy"/>).</summary>
internal sealed record PolicySignature(int Epoch, string PolicyDigest, string Key, string Nonce, string AuditHead, string Signature);
