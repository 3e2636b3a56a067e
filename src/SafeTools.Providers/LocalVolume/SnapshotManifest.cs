using System.Globalization;
using System.Text.Json.Nodes;

namespace SafeTools.Providers.LocalVolume;

/// <summary>What is written beside a snapshot once its copy is whole.</summary>
internal sealed record SnapshotManifest(
    string Id, string Volume, string Identity, DateTimeOffset Made, string Maker, long Files, long Bytes, string Checksum)
{
    public const string File = "manifest.json";

    public const string SafeTools = "safetools";

    public JsonObject ToJson() => new()
    {
        ["recovery_point"] = Id,
        ["volume"] = Volume,
        ["identity"] = Identity,
        ["made"] = Made.ToString("O", CultureInfo.InvariantCulture),
        ["maker"] = Maker,
        ["files"] = Files,
        ["bytes"] = Bytes,
        ["sha256"] = Checksum,
    };

    /// <summary>Null unless every value is there and says that it belongs to this volume and this folder.</summary>
    public static SnapshotManifest? From(JsonObject? json, string id, string volume) =>
        json is not null && json.Text("recovery_point") == id && json.Text("volume") == volume
            && json.Text("identity") is { Length: > 0 and < 200 } identity
            && DateTimeOffset.TryParseExact(json.Text("made"), "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var made)
            && json.Text("maker") == SafeTools
            && json.Number("files") is >= 0 and { } files && json.Number("bytes") is >= 0 and { } bytes
            && json.Text("sha256") is { Length: 64 } checksum && checksum.All(char.IsAsciiHexDigitLower)
            ? new SnapshotManifest(id, volume, identity, made, SafeTools, files, bytes, checksum)
            : null;
}
