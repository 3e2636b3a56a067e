using System.Text.Json.Nodes;

namespace SafeTools;

/// <summary>What is to be recorded, before it has a place in the chain.</summary>
/// <param name="Body">Facts that may stay for ever: ids, codes, digests, labels. No payload of a person.</param>
internal sealed record AuditDraft(AuditKind Kind, JsonObject Body)
{
    public string? Principal { get; init; }

    public string? ActionId { get; init; }

    public string? Tool { get; init; }

    /// <summary>What may hold personal data (arguments, reasons): only a salted commitment goes into the chain, so it can be erased.</summary>
    public JsonNode? Payload { get; init; }
}
