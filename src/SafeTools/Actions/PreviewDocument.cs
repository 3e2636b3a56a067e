using System.Globalization;
using System.Text.Json.Nodes;

namespace SafeTools;

/// <summary>A preview as it is stored, signed over by digest, and shown to agents and humans alike: typed facts, each with its source.</summary>
internal static class PreviewDocument
{
    public static JsonObject Of(Preview preview, Placement placement, Effect effect) => new()
    {
        ["summary"] = preview.Summary,
        ["item"] = new JsonObject { ["kind"] = preview.Item.Kind, ["id"] = preview.Item.Id, ["name"] = preview.Item.Name },
        ["environment"] = placement.Environment.Word(),
        ["environment_reason"] = placement.Reason,
        ["effect"] = effect.Word(),
        ["fingerprint"] = Fingerprint(preview, placement),
        ["facts"] = new JsonArray([.. preview.Facts.Select(Of)]),
        ["recovery_points"] = new JsonArray([.. preview.RecoveryPoints.Select(Of)]),
        ["undo"] = preview.UndoNote,
    };

    /// <summary>What consent depends on, the environment included.</summary>
    public static JsonObject Fingerprint(Preview preview, Placement placement)
    {
        var fingerprint = new JsonObject(preview.Fingerprint.Select(part => KeyValuePair.Create(part.Key, (JsonNode?)JsonValue.Create(part.Value))));
        fingerprint[Fingerprints.Environment] = placement.Environment.Word();
        return fingerprint;
    }

    public static string FingerprintText(Preview preview, Placement placement) => CanonicalJson.Text(Fingerprint(preview, placement));

    public static JsonObject Of(Fact fact)
    {
        var json = new JsonObject { ["name"] = fact.Name };
        (json["type"], json["value"]) = fact.Value switch
        {
            FactValue.Text text => ("text", JsonValue.Create(text.Value)),
            FactValue.Count count => ("count", JsonValue.Create(count.Value)),
            FactValue.Bytes bytes => ("bytes", JsonValue.Create(bytes.Value)),
            FactValue.Instant instant => ("instant", JsonValue.Create(Time(instant.Value))),
            FactValue.Flag flag => ("flag", JsonValue.Create(flag.Value)),
            FactValue.Names names => ("names", (JsonNode)JsonValues.Array(names.Values)),
            _ => throw new NotSupportedException("Unknown kind of fact."),
        };
        json["source"] = fact.Source switch
        {
            FactSource.Configuration => "configuration",
            FactSource.Provider => "provider",
            FactSource.AgentWritable => "agent-writable",
        };
        return json;
    }

    private static JsonObject Of(RecoveryPoint point) => new()
    {
        ["id"] = point.Id,
        ["made"] = Time(point.Made),
        ["place"] = point.Place,
        ["maker"] = point.Maker,
        ["bytes"] = point.Bytes,
        ["checksum"] = point.Checksum,
        ["intact"] = point.Intact,
        ["isolated"] = point.Isolated,
        ["isolation_reason"] = point.IsolationReason,
        ["restore_verified"] = point.RestoreVerified,
    };

    /// <summary>UTC to the millisecond, ISO 8601.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);
}
