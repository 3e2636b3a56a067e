using System.Text.Json.Nodes;

namespace SafeTools;

/// <summary>An action as the store keeps it. Only <see cref="Document"/> and the decisions are evidence; the rest is convenience and is checked again.</summary>
internal sealed record StoredAction
{
    public required string Id { get; init; }

    public required string Key { get; init; }

    public required string Principal { get; init; }

    public required string Tool { get; init; }

    public required string Resource { get; init; }

    /// <summary>The canonical bytes, as text (<see cref="ActionDocument"/>).</summary>
    public required string Document { get; init; }

    public string? Reason { get; init; }

    public required ActionStatus Status { get; init; }

    public required EnvironmentLabel Environment { get; init; }

    public required Effect Effect { get; init; }

    /// <summary>How many persons must approve; 0 for what ran without asking.</summary>
    public required int Required { get; init; }

    /// <summary>Why the recovery gate blocks it, or null.</summary>
    public string? Blocked { get; init; }

    /// <summary>Canonical text of the newest <see cref="PreviewDocument"/>.</summary>
    public required string Preview { get; init; }

    /// <summary>Canonical text of what consent depends on.</summary>
    public required string Fingerprint { get; init; }

    public string? Undoes { get; init; }

    public required DateTimeOffset Asked { get; init; }

    /// <summary>While pending: when it lapses. While approved: until when it may run.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>The serving process that claimed it.</summary>
    public string? Server { get; init; }

    /// <summary>How it ended: canonical JSON with <c>data</c> or <c>refused</c>, and <c>undo</c> where it can be taken back.</summary>
    public string? Result { get; init; }

    /// <summary>Somebody wants a fresh preview from the process that can take one.</summary>
    public bool PreviewWanted { get; init; }

    public string Digest => SafeTools.Digest.Of(Document);

    public string PreviewDigest => SafeTools.Digest.Of(Preview);

    public JsonObject PreviewJson => JsonNode.Parse(Preview)!.AsObject();

    public JsonObject? ResultJson => Result is null ? null : JsonNode.Parse(Result)!.AsObject();
}
