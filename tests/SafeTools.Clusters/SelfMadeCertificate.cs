using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SafeTools.Clusters;

/// <summary>A server certificate for 127.0.0.1 and localhost that it signs itself, with its key.</summary>
internal sealed record SelfMadeCertificate(X509Certificate2 Certificate, string CertificatePem, string KeyPem)
{
    public static SelfMadeCertificate Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        var pem = made.ExportCertificatePem();
        return new SelfMadeCertificate(X509Certificate2.CreateFromPem(pem), pem, key.ExportPkcs8PrivateKeyPem());
    }
}
