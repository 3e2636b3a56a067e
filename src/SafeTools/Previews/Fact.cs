namespace SafeTools;

/// <summary>One thing known about an item, and who says so.</summary>
public sealed record Fact(string Name, FactValue Value, FactSource Source);
