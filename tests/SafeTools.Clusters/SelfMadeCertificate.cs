using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SafeTools.Clusters;

/// <summary>A server certificate that it signs itself, with its key.</summary>
internal sealed record SelfMadeCertificate(X509Certificate2 Certificate, string CertificatePem, string KeyPem)
{
    /// <param name="name">Null: for 127.0.0.1 and localhost.</param>
    /// <param name="until">Null: the day after tomorrow.</param>
    public static SelfMadeCertificate Make(string? name = null, DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name ?? "localhost"}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name ?? "localhost");
        if (name is null)
            names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned((until ?? now).AddDays(-1), until ?? now.AddDays(2));
        var pem = made.ExportCertificatePem();
        return new SelfMadeCertificate(X509Certificate2.CreateFromPem(pem), pem, key.ExportPkcs8PrivateKeyPem());
    }
}
