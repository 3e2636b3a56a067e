using System.Globalization;
using System.Text.Json.Nodes;

namespace SafeTools.Providers.LocalVolume;

/// <summary>What was written down before something was moved into quarantine.</summary>
/// <param name="ActionId">The action that moved it; the entry's own name.</param>
/// <param name="Operation">The operation that moved it.</param>
/// <param name="Volume">The name it had.</param>
/// <param name="Original">The identity of what was moved in; null where a restore found no volume.</param>
/// <param name="Incoming">The identity of what a restore put in its place; null for a delete.</param>
/// <param name="Made">When.</param>
/// <param name="Environments">The environments whose reference files named it then.</param>
internal sealed record QuarantineMeta(
    string ActionId, string Operation, string Volume, string? Original, string? Incoming, DateTimeOffset Made, IReadOnlyList<string> Environments)
{
    public JsonObject ToJson() => new()
    {
        ["action"] = ActionId,
        ["operation"] = Operation,
        ["volume"] = Volume,
        ["original"] = Original,
        ["incoming"] = Incoming,
        ["made"] = Made.ToString("O", CultureInfo.InvariantCulture),
        ["environments"] = new JsonArray([.. Environments.Select(name => (JsonNode)name)]),
    };

    public static QuarantineMeta? From(JsonObject? json, string actionId) =>
        json is not null && json.Text("action") == actionId && json.Text("operation") is { } operation && json.Text("volume") is { } volume && VolumeName.IsSafe(volume)
            && DateTimeOffset.TryParseExact(json.Text("made"), "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var made)
            && json["environments"] is JsonArray environments
            ? new QuarantineMeta(
                actionId, operation, volume, json.Text("original"), json.Text("incoming"), made,
                [.. environments.OfType<JsonValue>().Select(value => value.TryGetValue<string>(out var name) ? name : "unknown")])
            : null;
}

/// <summary>One folder of the quarantine: <c>meta.json</c>, markers of later actions, and <c>data</c> while it holds something.</summary>
internal sealed record QuarantineEntry(QuarantineMeta Meta, OpenFolder Folder) : IDisposable
{
    public const string Data = "data";

    private const string MetaFile = "meta.json", Place = "volume";

    public void Dispose() => Folder.Dispose();

    public static QuarantineEntry? Open(OpenFolder quarantine, string id)
    {
        if (!VolumeName.IsSafe(id) || quarantine.Folder(id) is not { } folder)
            return null;
        if (QuarantineMeta.From(SmallFile.Read(folder, MetaFile), id) is { } meta)
            return new QuarantineEntry(meta, folder);
        folder.Dispose();
        return null;
    }

    /// <summary>Null where an entry of that id exists. Written and durable when this returns.</summary>
    public static QuarantineEntry? Make(OpenFolder quarantine, QuarantineMeta meta)
    {
        if (!quarantine.TryMake(meta.ActionId))
            return null;
        quarantine.Sync();
        var folder = quarantine.Folder(meta.ActionId) ?? throw new SystemCallException("openat", LinuxCalls.NoEntry);
        SmallFile.Write(folder, MetaFile, meta.ToJson());
        return new QuarantineEntry(meta, folder);
    }

    /// <summary>Takes back an entry that never came to hold anything.</summary>
    public void Abandon(OpenFolder quarantine)
    {
        Folder.RemoveFile(MetaFile);
        quarantine.RemoveFolder(Meta.ActionId);
    }

    public FileStatus? Held => Folder.Status(Data) is { Kind: FileKind.Folder } status ? status : null;

    /// <summary>Evidence that a later action was about to move something between this entry and the volume's place.</summary>
    public void Mark(string actionId, FileIdentity moved, bool toVolume) =>
        SmallFile.Write(Folder, Marker(actionId), new JsonObject { ["action"] = actionId, ["moved"] = moved.ToString(), ["to"] = toVolume ? Place : Data });

    /// <summary>Whether the move that <see cref="Mark"/> announced happened; null where it can no longer be told.</summary>
    public bool? Moved(string actionId, OpenFolder root)
    {
        if (SmallFile.Read(Folder, Marker(actionId)) is not { } mark || mark.Text("action") != actionId)
            return false;
        var (inVolume, inData) = (root.Status(Meta.Volume)?.Identity.ToString() == mark.Text("moved"), Held?.Identity.ToString() == mark.Text("moved"));
        return inVolume == inData ? null : inVolume == (mark.Text("to") == Place);
    }

    public void Unmark(string actionId) => Folder.RemoveFile(Marker(actionId));

    private static string Marker(string actionId) => $"by-{actionId}.json";
}
