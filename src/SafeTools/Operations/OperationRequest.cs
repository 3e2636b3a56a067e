namespace SafeTools;

/// <summary>What a provider is asked to look at or to do: bound, granted names, nothing raw.</summary>
/// <param name="Operation">One of the provider's own operations.</param>
/// <param name="Resource">The configured target.</param>
/// <param name="Settings">The spec's settings for the operation (such as its statement).</param>
/// <param name="Arguments">The bound arguments.</param>
/// <param name="Limits">What the answer may cost.</param>
public sealed record OperationRequest(Operation Operation, Resource Resource, SettingValues Settings, Arguments Arguments, Limits Limits)
{
    /// <summary>The parameters of the tool, in the order in which its spec declares them.</summary>
    public IReadOnlyList<Parameter> Parameters { get; init; } = [];
}
