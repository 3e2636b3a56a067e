using System.Text.Json.Nodes;

namespace SafeTools;

/// <summary>One link of the chain.</summary>
/// <param name="Sequence">From 1, without gaps.</param>
/// <param name="Time">UTC to the millisecond; never earlier than the entry before.</param>
/// <param name="Kind">One of <see cref="AuditKinds"/>.</param>
/// <param name="Body">Canonical JSON.</param>
/// <param name="Commitment">SHA-256 of the payload's salt and canonical bytes, or null without payload.</param>
/// <param name="Previous">Hash of the entry before; 64 zeros for the first.</param>
/// <param name="Hash">SHA-256 of the canonical JSON of all of the above.</param>
internal sealed record AuditEntry(
    long Sequence, DateTimeOffset Time, string Kind, string? Principal, string? ActionId, string? Tool, string Body, string? Commitment, string Previous, string Hash)
{
    /// <summary>The payload where it was not erased: salt (hexadecimal) and canonical JSON.</summary>
    public (string Salt, string Text)? Payload { get; init; }

    public JsonObject BodyJson => JsonNode.Parse(Body)!.AsObject();

    public JsonObject ToJson() => new()
    {
        ["sequence"] = Sequence,
        ["time"] = PreviewDocument.Time(Time),
        ["kind"] = Kind,
        ["principal"] = Principal,
        ["action"] = ActionId,
        ["tool"] = Tool,
        ["body"] = JsonNode.Parse(Body),
        ["commitment"] = Commitment,
        ["previous"] = Previous,
    };
}
