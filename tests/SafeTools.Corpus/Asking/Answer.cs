using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SafeTools.Corpus.Asking;

/// <summary>What a call came back with.</summary>
/// <param name="Outcome"><c>executed</c>, <c>refused</c> and so on, as MCP's structured content has it; <see cref="Silence"/> where nothing came.</param>
/// <param name="Code">The refusal's; null where there is none.</param>
/// <param name="Text">Everything that was answered, as JSON.</param>
internal sealed record Answer(string Outcome, string? Code, string Text, TimeSpan Took)
{
    public const string Executed = "executed";
    public const string Refused = "refused";
    public const string Silence = "silence";

    /// <summary>What is searched for in the text must not stand there as escapes.</summary>
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="structured">The structured content of a tool's answer.</param>
    public static Answer Of(JsonObject structured, TimeSpan took) =>
        new(structured["outcome"]?.GetValue<string>() ?? "", structured["code"]?.GetValue<string>(), structured.ToJsonString(Readable), took);

    public static Answer None(string why, TimeSpan took) => new(Silence, null, why, took);
}
