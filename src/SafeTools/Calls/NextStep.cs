namespace SafeTools;

/// <summary>What would mend what a read found.</summary>
/// <param name="Operation">As the provider names it.</param>
/// <param name="Resource">Where it would be done: the read's own resource.</param>
/// <param name="Tool">The asker's tool for that; null where tools/list shows it none, so that a human must.</param>
internal sealed record NextStep(string Operation, string Resource, string? Tool);
