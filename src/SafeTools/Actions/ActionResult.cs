using System.Text.Json.Nodes;

namespace SafeTools;

/// <summary>How an action's end is written into the store.</summary>
internal static class ActionResult
{
    public static string Of(Execution.Done done)
    {
        var result = new JsonObject { ["data"] = done.Data.DeepClone() };
        if (done.Undo is { } undo)
        {
            result["undo"] = new JsonObject
            {
                ["operation"] = undo.Operation,
                ["arguments"] = new JsonObject(undo.Arguments.Values.Select(value => KeyValuePair.Create(value.Key, JsonValues.Node(value.Value)))),
            };
        }

        return CanonicalJson.Text(result);
    }

    public static string Of(Refusal refusal) => CanonicalJson.Text(new JsonObject { ["refused"] = refusal.Code.Id, ["message"] = refusal.Message });

    public static UndoOffer? Undo(StoredAction action) => action.ResultJson?["undo"] is JsonObject undo
        ? new UndoOffer(
            undo["operation"]!.GetValue<string>(),
            new Arguments(undo["arguments"]!.AsObject().ToDictionary(value => value.Key, value => JsonValues.Element(value.Value!), StringComparer.Ordinal)))
        : null;

    /// <summary>The refusal an action ended with, as a value again.</summary>
    public static Refusal? Refusal(StoredAction action) => action.ResultJson is { } result && result["refused"]?.GetValue<string>() is { } id
        ? (RefusalCatalog.All.FirstOrDefault(code => code.Id == id) ?? RefusalCatalog.InternalFault).Because(result["message"]?.GetValue<string>() ?? "")
        : null;
}
