using System.Text.Json.Nodes;

namespace SafeTools.Server.Mcp;

/// <summary>What an agent sees of its own action: the server's facts and where it stands, never the decisions' signatures.</summary>
internal static class ActionView
{
    public static JsonObject Of(StoredAction action)
    {
        var preview = action.PreviewJson;
        var view = new JsonObject
        {
            ["id"] = action.Id,
            ["status"] = action.Status.Word(),
            ["tool"] = action.Tool,
            ["summary"] = Answers.Harmless(preview["summary"]),
            ["item"] = Answers.Harmless(preview["item"]),
            ["environment"] = action.Environment.Word(),
            ["environment_reason"] = Answers.Harmless(preview["environment_reason"]),
            ["effect"] = action.Effect.Word(),
            ["facts"] = Answers.Harmless(preview["facts"]),
            ["recovery_points"] = Answers.Harmless(preview["recovery_points"]),
            ["asked"] = PreviewDocument.Time(action.Asked),
        };
        if (action.Status is ActionStatus.Pending or ActionStatus.Approved)
        {
            view["expires"] = PreviewDocument.Time(action.Expires);
            view["approvals_required"] = Math.Max(1, action.Required);
        }

        if (action.Blocked is { } blocked && action.Status == ActionStatus.Pending)
        {
            view["blocked"] = blocked;
        }

        if (action.Undoes is { } undoes)
        {
            view["undoes"] = undoes;
        }

        return view;
    }

    /// <summary>One line of a list.</summary>
    public static JsonObject Brief(StoredAction action) => new()
    {
        ["id"] = action.Id,
        ["status"] = action.Status.Word(),
        ["tool"] = action.Tool,
        ["summary"] = Answers.Harmless(action.PreviewJson["summary"]),
        ["environment"] = action.Environment.Word(),
        ["asked"] = PreviewDocument.Time(action.Asked),
    };
}
