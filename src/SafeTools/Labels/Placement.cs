namespace SafeTools;

/// <summary>The environment an item counts as, and why.</summary>
internal sealed record Placement(EnvironmentLabel Environment, string Reason);
