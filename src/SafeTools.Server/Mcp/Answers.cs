using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace SafeTools.Server.Mcp;

/// <summary>Turns outcomes into MCP results. The only way out for data from infrastructure: as data, with its characters made harmless.</summary>
internal static class Answers
{
    private const int LongestText = 256 * 1024;

    /// <param name="page">Where a human may decide in a browser; null where there is no such page.</param>
    public static CallToolResult Of(Outcome outcome, Uri? page = null) => outcome switch
    {
        Outcome.Executed executed => Result(Executed(executed), isError: false),
        Outcome.Proposed proposed => Result(Proposed(proposed.Action, page), isError: false),
        Outcome.Refused refused => Result(Refused("refused", refused.Why), isError: true),
        Outcome.Failed failed => Result(With(Refused("failed", failed.Why), failed.Action), isError: true),
        Outcome.Unknown unknown => Result(With(Refused("unknown", unknown.Why), unknown.Action), isError: true),
        _ => throw new NotSupportedException("Unknown outcome."),
    };

    public static CallToolResult Data(JsonObject data) => Result(new JsonObject { ["outcome"] = "executed", ["data"] = data }, isError: false);

    private static JsonObject Executed(Outcome.Executed executed)
    {
        var answer = new JsonObject { ["outcome"] = "executed", ["data"] = Harmless(executed.Data), ["untrusted"] = true };
        if (executed.Action is { } action)
        {
            With(answer, action);
            if (ActionResult.Undo(action) is not null)
            {
                answer["next_tool"] = "undo_action";
            }
        }

        return executed.Next is { } next ? With(answer, next) : answer;
    }

    private static JsonObject With(JsonObject answer, NextStep next)
    {
        if (next.Tool is { } tool)
        {
            answer["next_tool"] = tool;
            return answer;
        }

        answer["message"] = $"What mends it is {next.Operation} on '{VisibleText.Line(next.Resource, 64)}', and you have no tool of it: a human must, or grants you one.";
        answer["human_command"] = "safetools accept";
        return answer;
    }

    private static JsonObject Proposed(StoredAction action, Uri? page)
    {
        var answer = With(new JsonObject { ["outcome"] = "proposed" }, action);
        answer["message"] = action.Status switch
        {
            ActionStatus.Pending when action.Blocked is { } blocked => $"Nothing was done. A human must decide, and the recovery gate blocks it: {blocked}",
            ActionStatus.Pending => "Nothing was done. A human must decide; you cannot. Go on with other work, or call get_proposal with wait_seconds.",
            ActionStatus.Approved => "Approved. It runs as soon as a serving process takes it; call get_proposal with wait_seconds.",
            _ => "It is being executed; call get_proposal with wait_seconds.",
        };
        answer["next_tool"] = "get_proposal";
        answer["human_command"] = $"safetools proposals approve {action.Id}";
        if (page is not null)
        {
            answer["human_page"] = page.AbsoluteUri;
        }

        return answer;
    }

    private static JsonObject Refused(string outcome, Refusal why)
    {
        var answer = new JsonObject { ["outcome"] = outcome, ["code"] = why.Code.Id, ["message"] = VisibleText.Block(why.Message, 2000), ["help"] = why.Code.Remedy };
        if (why.NextTool is { } tool)
        {
            answer["next_tool"] = tool;
        }

        if (why.HumanCommand is { } command)
        {
            answer["human_command"] = command;
        }

        return answer;
    }

    private static JsonObject With(JsonObject answer, StoredAction action)
    {
        answer["action"] = ActionView.Of(action);
        return answer;
    }

    private static CallToolResult Result(JsonObject answer, bool isError)
    {
        var element = JsonValues.Element(answer);
        return new CallToolResult
        {
            StructuredContent = element,
            Content = [new TextContentBlock { Text = element.GetRawText() }],
            IsError = isError ? true : null,
        };
    }

    /// <summary>A copy in which control and invisible characters of every text, keys included, stand as visible escapes.</summary>
    internal static JsonNode? Harmless(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map
            .Select(entry => (Key: VisibleText.Line(entry.Key, 256), entry.Value))
            .DistinctBy(entry => entry.Key)
            .Select(entry => KeyValuePair.Create(entry.Key, Harmless(entry.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Harmless)]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(VisibleText.Block(text, LongestText)),
        _ => node?.DeepClone(),
    };
}
