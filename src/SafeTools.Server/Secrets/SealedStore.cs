using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SafeTools.Server.Secrets;

/// <summary>
/// The store of secrets as it lies on the disk: one text locked by AES-256-GCM as a whole, so that no entry can be swapped, taken out or rolled back by
/// itself, and not even names show. The additional data bind version, key and generation. A fresh nonce each time; 2^32 writes a key are safe
/// (NIST SP 800-38D, 8.3).
/// </summary>
/// <param name="Key">The <see cref="StoreKey.Id"/> of the key that opens it.</param>
/// <param name="Generation">How often it has been written.</param>
internal sealed record SealedStore(string Key, long Generation, byte[] Nonce, byte[] Sealed)
{
    public const int Version = 1;
    private const string Format = "safetools/secrets";
    private const int NonceSize = 12;
    private const int TagSize = 16;

    public static SealedStore Seal(StoredSecrets content, StoreKey key, long generation)
    {
        var plain = content.ToBytes();
        try
        {
            var made = new SealedStore(key.Id, generation, RandomNumberGenerator.GetBytes(NonceSize), new byte[plain.Length + TagSize]);
            using var cipher = key.Cipher(TagSize);
            cipher.Encrypt(made.Nonce, plain, made.Sealed.AsSpan(0, plain.Length), made.Sealed.AsSpan(plain.Length), made.Bound());
            return made;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>Null where the key is not the one that locked it, or where a bit was changed.</summary>
    public StoredSecrets? Open(StoreKey key)
    {
        var plain = new byte[Sealed.Length - TagSize];
        try
        {
            using var cipher = key.Cipher(TagSize);
            cipher.Decrypt(Nonce, Sealed.AsSpan(0, plain.Length), Sealed.AsSpan(plain.Length), plain, Bound());
            return StoredSecrets.FromBytes(plain);
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

    public byte[] ToFile() => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["format"] = Format,
        ["version"] = Version,
        ["cipher"] = "aes-256-gcm",
        ["key"] = Key,
        ["generation"] = Generation,
        ["nonce"] = Convert.ToBase64String(Nonce),
        ["sealed"] = Convert.ToBase64String(Sealed),
    }.ToJsonString() + "\n");

    /// <summary>Null where the file is not of this form.</summary>
    /// <param name="version">What the file says of itself; null where it says nothing that can be understood.</param>
    public static SealedStore? FromFile(ReadOnlySpan<byte> file, out int? version)
    {
        version = null;
        try
        {
            var json = JsonNode.Parse(file, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 4 }) as JsonObject ?? throw new FormatException("No object.");
            if (json.Required("format").GetValue<string>() != Format)
            {
                return null;
            }

            version = json.Required("version").GetValue<int>();
            var found = new SealedStore(
                json.Required("key").GetValue<string>(),
                json.Required("generation").GetValue<long>(),
                Convert.FromBase64String(json.Required("nonce").GetValue<string>()),
                Convert.FromBase64String(json.Required("sealed").GetValue<string>()));
            return version == Version && json.Required("cipher").GetValue<string>() == "aes-256-gcm" && found.Nonce.Length == NonceSize && found.Sealed.Length > TagSize ? found : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    private byte[] Bound() => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Format}/v{Version}\n{Key}\n{Generation}"));
}
