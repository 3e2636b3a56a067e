namespace SafeTools;

/// <summary>Which environments the provider saw the item belong to, by evidence that an agent using SafeTools cannot write.</summary>
/// <param name="Names">Environment names as found, not yet mapped; none means that nothing vouches for the item.</param>
/// <param name="Source">Where they were found, in a few words.</param>
public sealed record EnvironmentEvidence(IReadOnlyList<string> Names, string Source);
