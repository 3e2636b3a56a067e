using System.Text.Json.Nodes;

namespace SafeTools.Server.Cli;

/// <summary>
/// What a human sees before deciding: the stored action with the server's facts, worst first; then, apart, the agent's own words.
/// Nothing on it was written by the agent except where it says so.
/// </summary>
internal static class ProposalPage
{
    public static void Show(Terminal terminal, StoredAction action, IReadOnlyList<string> signed, DateTimeOffset now)
    {
        var preview = action.PreviewJson;
        var item = preview["item"]!;
        terminal.Line(terminal.Strong($"{action.Id}  {action.Status.Word()}  [{action.Environment.Word()} · {action.Effect.Word()}]"));
        terminal.Line($"  What             {VisibleText.Line(preview["summary"]!.GetValue<string>(), 300)}");
        terminal.Line($"  To               {VisibleText.Line(item["kind"]!.GetValue<string>(), 64)} {terminal.Strong(VisibleText.Line(item["name"]!.GetValue<string>(), 200))}  (id {VisibleText.Line(item["id"]!.GetValue<string>(), 100)})");
        terminal.Line($"  Where            {terminal.Coloured(action.Environment)}: {VisibleText.Line(preview["environment_reason"]!.GetValue<string>(), 300)}");
        foreach (var fact in preview["facts"]!.AsArray())
        {
            terminal.Line($"  {Name(fact!),-16} {FactText.Value(fact!, now)}  {terminal.Faint($"[{VisibleText.Line(fact!["source"]!.GetValue<string>(), 64)}]")}");
        }

        terminal.Line($"  Undo             {VisibleText.Line(preview["undo"]?.GetValue<string>() ?? "cannot be undone", 300)}");
        RecoveryPoints(terminal, preview["recovery_points"]!.AsArray(), now);
        if (action.Blocked is { } blocked)
        {
            terminal.Line($"  {terminal.Bad("Blocked")}          {VisibleText.Line(blocked, 400)}");
        }

        terminal.Line($"  Asked by         {VisibleText.Line(action.Principal, 64)}, tool {VisibleText.Line(action.Tool, 64)}, {FactText.Age(action.Asked, now)}");
        if (action.Status is ActionStatus.Pending or ActionStatus.Approved)
        {
            terminal.Line($"  Needs            {Math.Max(1, action.Required)} {(action.Required > 1 ? "persons" : "person")}; lapses in {FactText.Span(action.Expires - now)}");
        }

        if (signed.Count > 0)
        {
            terminal.Line($"  Signed by        {string.Join(", ", signed)}");
        }

        terminal.Line($"  Arguments        {VisibleText.Line(JsonNode.Parse(action.Document)!["arguments"]!.ToJsonString(CompactJson.Options), 500)}");
        terminal.Line();
        terminal.Line($"  {terminal.Faint("The agent's own words (not checked by anybody):")}");
        terminal.Line($"  {terminal.Faint("│")} {(action.Reason is null ? terminal.Faint("none") : VisibleText.Line(action.Reason, ArgumentBinder.LongestReason))}");
        terminal.Line();
    }

    private static string Name(JsonNode fact)
    {
        var name = VisibleText.Line(fact["name"]!.GetValue<string>(), 64).Replace('_', ' ');
        return name.Length == 0 ? "" : char.ToUpperInvariant(name[0]) + name[1..];
    }

    private static void RecoveryPoints(Terminal terminal, JsonArray points, DateTimeOffset now)
    {
        if (points.Count == 0)
        {
            terminal.Line($"  Recovery         {terminal.Bad("no recovery point")}");
        }

        foreach (var point in points)
        {
            var isolated = point!["isolated"]!.GetValue<bool>();
            var state = $"{(point["intact"]!.GetValue<bool>() ? "intact" : "not verified")}, {(isolated ? "isolated" : "lost with the target")}";
            terminal.Line($"  Recovery         {VisibleText.Line(point["id"]!.GetValue<string>(), 64)}, {FactText.Size(point["bytes"]!.GetValue<long>())}, "
                + $"{FactText.Age(PreviewDocument.Time(point["made"]!.GetValue<string>()), now)}, {(isolated ? terminal.Good(state) : terminal.Bad(state))}");
        }
    }
}
