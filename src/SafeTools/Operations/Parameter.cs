using System.Text.Json;

namespace SafeTools;

/// <summary>
/// One argument that a tool takes. The same record checks what an agent sends and becomes the JSON Schema that the agent is shown,
/// so the two cannot differ.
/// </summary>
public sealed record Parameter
{
    public required string Name { get; init; }

    public required ParameterType Type { get; init; }

    public string Description { get; init; } = "";

    /// <summary>Without a default an optional argument that is not sent is absent.</summary>
    public bool Required { get; init; } = true;

    /// <summary>Used when the argument is not sent; makes it optional.</summary>
    public JsonElement? Default { get; init; }

    /// <summary>A value that the spec fixes: the agent neither sees nor sends the argument.</summary>
    public JsonElement? Fixed { get; init; }

    /// <summary>In Unicode code points, as JSON Schema counts; strings only.</summary>
    public int? MinLength { get; init; }

    /// <summary>In Unicode code points; strings only. A string without one is bounded by <see cref="LongestString"/>.</summary>
    public int? MaxLength { get; init; }

    /// <summary>A regular expression that the whole string must match; run without backtracking.</summary>
    public string? Pattern { get; init; }

    /// <summary>A second expression, added by a spec, that the whole string must match as well.</summary>
    public string? NarrowerPattern { get; init; }

    /// <summary>The only values allowed.</summary>
    public IReadOnlyList<JsonElement>? Enum { get; init; }

    public double? Minimum { get; init; }

    public double? Maximum { get; init; }

    /// <summary>The bound, in Unicode code points, of every string that names none.</summary>
    public const int LongestString = 4096;
}
