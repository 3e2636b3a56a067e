using System.Buffers.Text;
using System.Security.Cryptography;

namespace SafeTools;

/// <summary>An approver's public key: <c>p256:</c> and the base64url of the point's X and Y, 64 bytes.</summary>
internal sealed record P256PublicKey
{
    private const string Prefix = "p256:";

    private P256PublicKey(string text) => Text = text;

    /// <summary>The one spelling of this key.</summary>
    public string Text { get; }

    /// <summary>Null where the text is not a point on the curve in the one spelling allowed.</summary>
    public static P256PublicKey? Parse(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || !Base64Url.IsValid(text.AsSpan(Prefix.Length), out var length) || length != 64)
        {
            return null;
        }

        var key = new P256PublicKey(text);
        try
        {
            using var curve = key.Open();
            return Of(curve).Text == text ? key : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public static P256PublicKey Of(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new P256PublicKey(Prefix + Base64Url.EncodeToString([.. point.X!, .. point.Y!]));
    }

    /// <summary>Whether <paramref name="signature"/> (IEEE P1363, 64 bytes) is this key's over SHA-256 of the bytes.</summary>
    public bool Verifies(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != 64)
        {
            return false;
        }

        using var curve = Open();
        return curve.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private ECDsa Open()
    {
        var point = Base64Url.DecodeFromChars(Text.AsSpan(Prefix.Length));
        return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = point[..32], Y = point[32..] } });
    }
}
