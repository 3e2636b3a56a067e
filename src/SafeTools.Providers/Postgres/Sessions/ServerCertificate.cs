using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace SafeTools.Providers.Postgres;

/// <summary>What counts of a server's certificate.</summary>
internal static class ServerCertificate
{
    /// <summary>SHA-256 of its public key, as <c>identity.tls_key</c> pins it.</summary>
    public static string KeyOf(X509Certificate2 certificate) =>
        $"sha256:{Convert.ToBase64String(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()))}";

    /// <param name="rootFile">PEM; one that cannot be read has signed nothing.</param>
    public static bool IsSignedBy(X509Certificate2 certificate, string rootFile)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        try
        {
            chain.ChainPolicy.CustomTrustStore.ImportFromPemFile(rootFile);
        }
        catch (Exception fault) when (fault is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return false;
        }

        return chain.Build(certificate);
    }
}
