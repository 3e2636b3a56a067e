using System.Globalization;
using System.Text.Json.Nodes;

namespace SafeTools.Providers.LocalVolume;

/// <summary>What is written beside a snapshot once its copy is whole.</summary>
/// <param name="Id">The action that made it; its folder's own name.</param>
/// <param name="Resource">The resource through which it was made; two may share a backups folder.</param>
/// <param name="Volume">The name the volume had.</param>
/// <param name="Identity">Which folder that was, as <see cref="FileIdentity"/> writes it: a name can be used again.</param>
/// <param name="Made">When.</param>
/// <param name="Maker">Who.</param>
/// <param name="Files">Everything that is not a folder.</param>
/// <param name="Bytes">Of content.</param>
/// <param name="Checksum">SHA-256, as <see cref="TreeCopy"/> makes it.</param>
internal sealed record SnapshotManifest(
    string Id, string Resource, string Volume, string Identity, DateTimeOffset Made, string Maker, long Files, long Bytes, string Checksum)
{
    public const string File = "manifest.json";

    public const string SafeTools = "safetools";

    public JsonObject ToJson() => new()
    {
        ["recovery_point"] = Id,
        ["resource"] = Resource,
        ["volume"] = Volume,
        ["identity"] = Identity,
        ["made"] = Made.ToString("O", CultureInfo.InvariantCulture),
        ["maker"] = Maker,
        ["files"] = Files,
        ["bytes"] = Bytes,
        ["sha256"] = Checksum,
    };

    /// <summary>Null unless every value is there and says that it belongs to this resource, this volume's name and this folder.</summary>
    public static SnapshotManifest? From(JsonObject? json, string id, string resource, string volume) =>
        json is not null && json.Text("recovery_point") == id && json.Text("resource") == resource && json.Text("volume") == volume
            && json.Text("identity") is { Length: > 0 and < 200 } identity
            && DateTimeOffset.TryParseExact(json.Text("made"), "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var made)
            && json.Text("maker") == SafeTools
            && json.Number("files") is >= 0 and { } files && json.Number("bytes") is >= 0 and { } bytes
            && json.Text("sha256") is { Length: 64 } checksum && checksum.All(char.IsAsciiHexDigitLower)
            ? new SnapshotManifest(id, resource, volume, identity, made, SafeTools, files, bytes, checksum)
            : null;
}
