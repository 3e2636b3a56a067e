using System.Text.Json.Nodes;

namespace SafeTools.Providers.Postgres;

/// <summary>What came of an earlier action, for whoever asks late. Holds no value.</summary>
/// <param name="Action">Its id.</param>
/// <param name="Data">What it answered; null where it was taken back or did not happen.</param>
/// <param name="CanBeUndone">It was a rotation, not an undo.</param>
internal sealed record PastAction(string Action, JsonObject? Data, bool CanBeUndone)
{
    public JsonObject ToJson() => new() { ["action"] = Action, ["data"] = Data?.DeepClone(), ["undo"] = CanBeUndone };

    public static PastAction Parse(JsonNode json) => new(json["action"]!.GetValue<string>(), json["data"]?.DeepClone().AsObject(), json["undo"]!.GetValue<bool>());
}
