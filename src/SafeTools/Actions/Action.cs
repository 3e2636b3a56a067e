using System.Text.Json.Nodes;

namespace SafeTools;

/// <summary>A bound request: who asks for what, on which resource. Not yet looked at, not yet ruled on.</summary>
internal sealed record Action
{
    public required string Id { get; init; }

    public required Principal Principal { get; init; }

    public required ToolSpec Tool { get; init; }

    /// <summary>The tool's operation, or the one that takes an earlier action of the tool back.</summary>
    public required Operation Operation { get; init; }

    public required Arguments Arguments { get; init; }

    /// <summary>The agent's own words; never part of a decision, never believed.</summary>
    public string? Reason { get; init; }

    /// <summary>The id of the action that this one takes back.</summary>
    public string? Undoes { get; init; }

    public OperationRequest Request => Undoes is null
        ? Tool.Request(Arguments)
        : new OperationRequest(Operation, Tool.Resource, Tool.Settings, Arguments, Tool.Limits) { Parameters = Operation.Parameters };

    /// <summary>What the files say it can do, before anybody looked.</summary>
    public Effect StatedEffect => AtLeast(Undoes is null ? Tool.Effect : Operation.Floor);

    /// <summary>What a stated or found effect amounts to: a change without a named undo, or one that takes data away, is irreversible.</summary>
    public Effect AtLeast(Effect effect) =>
        Operation.Destroys || (effect == Effect.Reversible && Operation.Undo is null) ? Effect.Irreversible : effect;

    /// <summary>The same principal asking the same thing again has the same key, and finds its proposal instead of making another.</summary>
    public string Key => Digest.Of(new JsonObject
    {
        ["principal"] = Principal.Name,
        ["spec"] = Tool.Digest,
        ["operation"] = Operation.Name,
        ["arguments"] = ArgumentsJson,
        ["undoes"] = Undoes,
    });

    public JsonObject ArgumentsJson => new(Arguments.Values.Select(value => KeyValuePair.Create(value.Key, JsonValues.Node(value.Value))));
}
