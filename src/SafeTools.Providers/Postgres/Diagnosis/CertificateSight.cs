using System.Net.Security;

namespace SafeTools.Providers.Postgres;

/// <summary>The certificate that a server showed.</summary>
/// <param name="Key">As <see cref="ServerIdentity.TlsKey"/>.</param>
/// <param name="NotAfter">When it ends.</param>
/// <param name="Errors">What the system finds wrong with it.</param>
/// <param name="SignedByRoot">Whether the connection string's own root signed it.</param>
internal sealed record CertificateSight(string Key, DateTimeOffset NotAfter, DateTimeOffset NotBefore, SslPolicyErrors Errors, bool SignedByRoot)
{
    public bool Trusted => (Errors & SslPolicyErrors.RemoteCertificateChainErrors) == 0 || SignedByRoot;

    public bool Named => (Errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0;

    public bool IsOutOfDate(DateTimeOffset now) => now > NotAfter || now < NotBefore;
}
