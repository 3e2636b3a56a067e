using System.Security.Cryptography;
using System.Text;

namespace SafeTools.Server.Secrets;

/// <summary>The key of the store of secrets: 32 random bytes for AES-256-GCM.</summary>
internal sealed class StoreKey
{
    private const int Size = 32;
    private const string Beginning = "safetools-secrets-key-v1 ";

    private readonly byte[] _bytes;

    private StoreKey(byte[] bytes)
    {
        _bytes = bytes;
        Id = Convert.ToHexStringLower(HKDF.DeriveKey(HashAlgorithmName.SHA256, bytes, 8, info: Encoding.ASCII.GetBytes("safetools/secrets/key-id/v1")));
    }

    /// <summary>Tells keys apart and says nothing about them; stands in the clear in what they lock.</summary>
    public string Id { get; }

    public static StoreKey Create() => new(RandomNumberGenerator.GetBytes(Size));

    /// <summary>Null where the file holds no key of this form.</summary>
    public static StoreKey? FromFile(ReadOnlySpan<byte> file)
    {
        var text = Encoding.ASCII.GetString(file).TrimEnd('\n');
        var bytes = new byte[Size + 1];
        return text.StartsWith(Beginning, StringComparison.Ordinal) && Convert.TryFromBase64String(text[Beginning.Length..], bytes, out var length) && length == Size
            ? new StoreKey(bytes[..Size])
            : null;
    }

    public byte[] ToFile() => Encoding.ASCII.GetBytes($"{Beginning}{Convert.ToBase64String(_bytes)}\n");

    public AesGcm Cipher(int tagSize) => new(_bytes, tagSize);
}
