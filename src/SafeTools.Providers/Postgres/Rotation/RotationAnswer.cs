using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SafeTools.Providers.Postgres;

/// <summary>What an agent is told: slot, version, fingerprint and times, never a value.</summary>
internal static class RotationAnswer
{
    public static JsonObject Rotated(RotationRecord record, string fingerprint) => new()
    {
        ["service"] = record.Service,
        ["slot"] = record.To.Slot,
        ["version"] = record.To.Version,
        ["fingerprint"] = fingerprint,
        ["valid_until"] = Text(record.ValidUntil),
        ["earlier_slot"] = record.From.Slot,
        ["earlier_works_until"] = record.Single ? null : Text(record.Due!.Value),
        ["earlier_works_at_latest_until"] = record.Single ? null : Text(record.Last!.Value),
        ["undo_until"] = Text(record.Due!.Value),
    };

    public static JsonObject TakenBack(RotationRecord record, string fingerprint) => new()
    {
        ["service"] = record.Service,
        ["slot"] = record.From.Slot,
        ["fingerprint"] = fingerprint,
        ["newer_slot"] = record.To.Slot,
        ["newer_works_until"] = record.Single ? null : Text(record.Due!.Value),
    };

    public static Execution.Done Done(JsonObject data, string rotation) =>
        new(data) { Undo = new UndoOffer(PostgresOperations.UndoRotation.Name, new Arguments(new Dictionary<string, JsonElement> { [PostgresOperations.Rotation] = Json(rotation) })) };

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(JsonValue.Create(text).ToJsonString());
        return document.RootElement.Clone();
    }
}
