using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SafeTools.Server.Secrets;

/// <summary>All that the store of secrets holds, as it is under the lock of its key.</summary>
/// <param name="Inner">What fingerprints are keyed with: made with the store, and the same for as long as it lives, whatever key locks it.</param>
/// <param name="Secrets">By the names that references use.</param>
/// <param name="Remembered">What providers must not forget: beside the secrets, not among them, so that no reference leads here.</param>
internal sealed record StoredSecrets(ImmutableArray<byte> Inner, ImmutableSortedDictionary<string, StoredSecret> Secrets, ImmutableSortedDictionary<string, string> Remembered)
{
    private const int InnerSize = 32;

    public static StoredSecrets CreateEmpty() => new(
        [.. RandomNumberGenerator.GetBytes(InnerSize)],
        ImmutableSortedDictionary.Create<string, StoredSecret>(StringComparer.Ordinal),
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal));

    public StoredSecrets With(string name, Secret value, DateTimeOffset now) =>
        this with { Secrets = Secrets.SetItem(name, new StoredSecret(value, now, (Secrets.GetValueOrDefault(name)?.Version ?? 0) + 1)) };

    public StoredSecrets Without(string name) => this with { Secrets = Secrets.Remove(name) };

    /// <param name="text">Null: forget it.</param>
    public StoredSecrets Remembering(string key, string? text) =>
        this with { Remembered = text is null ? Remembered.Remove(key) : Remembered.SetItem(key, text) };

    /// <summary>RFC 5869, then HMAC-SHA-256: without <see cref="Inner"/> nobody can guess a value and compare.</summary>
    public string Fingerprint(Secret value)
    {
        var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, [.. Inner], 32, info: Encoding.ASCII.GetBytes("safetools/secrets/fingerprint/v1"));
        var text = Encoding.UTF8.GetBytes(value.Reveal());
        try
        {
            return Convert.ToHexStringLower(HMACSHA256.HashData(key, text).AsSpan(0, 8));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(text);
        }
    }

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["inner"] = Convert.ToBase64String(Inner.AsSpan()),
        ["secrets"] = new JsonObject(Secrets.Select(one => KeyValuePair.Create<string, JsonNode?>(one.Key, new JsonObject
        {
            ["value"] = one.Value.Value.Reveal(),
            ["set"] = one.Value.Set.ToUnixTimeMilliseconds(),
            ["version"] = one.Value.Version,
        }))),
        ["remembered"] = new JsonObject(Remembered.Select(one => KeyValuePair.Create<string, JsonNode?>(one.Key, one.Value))),
    }.ToJsonString());

    /// <summary>Null where the bytes are not what <see cref="ToBytes"/> made.</summary>
    public static StoredSecrets? FromBytes(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var json = JsonNode.Parse(bytes, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject ?? throw new FormatException("No object.");
            var empty = CreateEmpty();
            var content = new StoredSecrets(
                [.. Convert.FromBase64String(json.Required("inner").GetValue<string>())],
                empty.Secrets.AddRange(json.Required("secrets").AsObject().Select(one => KeyValuePair.Create(one.Key, Entry(one.Value!.AsObject())))),
                empty.Remembered.AddRange(json.Required("remembered").AsObject().Select(one => KeyValuePair.Create(one.Key, one.Value!.GetValue<string>()))));
            return content.Inner.Length == InnerSize ? content : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException or NullReferenceException or ArgumentException)
        {
            return null;
        }
    }

    private static StoredSecret Entry(JsonObject entry) => new(
        new Secret(entry.Required("value").GetValue<string>()),
        DateTimeOffset.FromUnixTimeMilliseconds(entry.Required("set").GetValue<long>()),
        entry.Required("version").GetValue<long>());
}
