namespace SafeTools;

/// <summary>One MCP tool: one operation on one resource, narrowed. Immutable; <see cref="Digest"/> names exactly this meaning.</summary>
internal sealed record ToolSpec
{
    public required string Name { get; init; }

    public required string Title { get; init; }

    public required string Description { get; init; }

    public required Operation Operation { get; init; }

    public required Resource Resource { get; init; }

    /// <summary>The strictest environment an item may have.</summary>
    public required EnvironmentLabel Ceiling { get; init; }

    /// <summary>At least the operation's floor.</summary>
    public required Effect Effect { get; init; }

    public required SettingValues Settings { get; init; }

    /// <summary>In the order of the spec, or of the operation where that declares them. Fixed ones included.</summary>
    public required IReadOnlyList<Parameter> Parameters { get; init; }

    public required Limits Limits { get; init; }

    public int? CallsPerMinute { get; init; }

    public IReadOnlyList<SpecExample> Examples { get; init; } = [];

    /// <summary>Of the spec and of the resource it aims at: pointing a tool elsewhere makes it another tool.</summary>
    public required string Digest { get; init; }

    public required string File { get; init; }

    /// <summary>What the agent may send.</summary>
    public IEnumerable<Parameter> OpenParameters => Parameters.Where(parameter => parameter.Fixed is null);

    public OperationRequest Request(Arguments arguments) => new(Operation, Resource, Settings, arguments, Limits) { Parameters = Parameters };
}
