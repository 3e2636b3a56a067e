using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace SafeTools.Server.Keys;

/// <summary>
/// An approver's P-256 key, locked by a passphrase: PBKDF2-HMAC-SHA-256 at 600,000 rounds (OWASP Password Storage Cheat Sheet) gives the key of
/// AES-256-GCM, whose additional data bind name and public key.
/// </summary>
internal sealed record LockedKey
{
    public const int Rounds = 600_000;
    public const int ShortestPassphrase = 10;
    private const int TagSize = 16;

    private LockedKey(string name, P256PublicKey publicKey, byte[] salt, byte[] nonce, byte[] locked) =>
        (Name, PublicKey, Salt, Nonce, Locked) = (name, publicKey, salt, nonce, locked);

    public string Name { get; }

    public P256PublicKey PublicKey { get; }

    private byte[] Salt { get; }

    private byte[] Nonce { get; }

    /// <summary>Ciphertext of the PKCS#8 key, and the tag.</summary>
    private byte[] Locked { get; }

    public static LockedKey Create(string name, ReadOnlySpan<char> passphrase)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var publicKey = P256PublicKey.Of(key);
        var salt = RandomNumberGenerator.GetBytes(16);
        var nonce = RandomNumberGenerator.GetBytes(12);
        var plain = key.ExportPkcs8PrivateKey();
        var locked = new byte[plain.Length + TagSize];
        using (var cipher = Cipher(passphrase, salt))
        {
            cipher.Encrypt(nonce, plain, locked.AsSpan(0, plain.Length), locked.AsSpan(plain.Length), Bound(name, publicKey));
        }

        CryptographicOperations.ZeroMemory(plain);
        return new LockedKey(name, publicKey, salt, nonce, locked);
    }

    /// <summary>The key, or null where the passphrase is wrong or the file was edited.</summary>
    public ECDsa? Unlock(ReadOnlySpan<char> passphrase)
    {
        var plain = new byte[Locked.Length - TagSize];
        try
        {
            using var cipher = Cipher(passphrase, Salt);
            cipher.Decrypt(Nonce, Locked.AsSpan(0, plain.Length), Locked.AsSpan(plain.Length), plain, Bound(Name, PublicKey));
            var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(plain, out _);
            return key;
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    public JsonObject ToJson() => new()
    {
        ["version"] = 1,
        ["name"] = Name,
        ["public"] = PublicKey.Text,
        ["kdf"] = "pbkdf2-hmac-sha256",
        ["rounds"] = Rounds,
        ["salt"] = Convert.ToBase64String(Salt),
        ["cipher"] = "aes-256-gcm",
        ["nonce"] = Convert.ToBase64String(Nonce),
        ["locked"] = Convert.ToBase64String(Locked),
    };

    /// <summary>Null where the text is not a key file of this form; weaker rounds than ours refuse.</summary>
    public static LockedKey? FromJson(string text)
    {
        try
        {
            var json = JsonNode.Parse(text) as JsonObject ?? throw new FormatException("Not a key file.");
            var key = new LockedKey(
                json.Required("name").GetValue<string>(),
                P256PublicKey.Parse(json.Required("public").GetValue<string>()) ?? throw new FormatException("Not a public key."),
                Convert.FromBase64String(json.Required("salt").GetValue<string>()),
                Convert.FromBase64String(json.Required("nonce").GetValue<string>()),
                Convert.FromBase64String(json.Required("locked").GetValue<string>()));
            var known = json.Required("version").GetValue<int>() == 1 && json.Required("rounds").GetValue<int>() == Rounds
                && json.Required("kdf").GetValue<string>() == "pbkdf2-hmac-sha256" && json.Required("cipher").GetValue<string>() == "aes-256-gcm";
            return known && key.Nonce.Length == 12 && key.Locked.Length > TagSize ? key : null;
        }
        catch (Exception fault) when (fault is System.Text.Json.JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private static AesGcm Cipher(ReadOnlySpan<char> passphrase, byte[] salt)
    {
        var key = Rfc2898DeriveBytes.Pbkdf2(passphrase, salt, Rounds, HashAlgorithmName.SHA256, 32);
        try
        {
            return new AesGcm(key, TagSize);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    private static byte[] Bound(string name, P256PublicKey publicKey) => Encoding.UTF8.GetBytes($"safetools/key/v1\n{name}\n{publicKey.Text}");
}
