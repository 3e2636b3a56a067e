using System.Text.Json.Nodes;

namespace SafeTools.IntegrationTests.Postgres.Support;

/// <summary>What a call came back with.</summary>
/// <param name="Outcome"><c>executed</c>, <c>refused</c> and so on.</param>
/// <param name="Code">The refusal's; null where there is none.</param>
internal sealed record Reply(string Outcome, string? Code, JsonObject Structured, TimeSpan Took)
{
    public bool IsExecuted => Outcome == "executed";

    public JsonArray Rows => Structured["data"]!["rows"]!.AsArray();

    /// <summary>The first value of the first row, as JSON.</summary>
    public string First => Rows[0]![0]?.ToJsonString() ?? "null";

    public static Reply Of(JsonObject response, TimeSpan took)
    {
        var structured = response["result"]?["structuredContent"]?.AsObject() ?? throw new InvalidOperationException(response.ToJsonString());
        return new Reply(structured["outcome"]!.GetValue<string>(), structured["code"]?.GetValue<string>(), structured, took);
    }

    public override string ToString() => $"{Took.TotalSeconds:0.0} s: {Structured.ToJsonString()[..Math.Min(400, Structured.ToJsonString().Length)]}";
}
