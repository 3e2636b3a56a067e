namespace SafeTools;

/// <summary>The thing a request would hit, as the provider resolved it.</summary>
/// <param name="Kind">A word for people: <c>volume</c>, <c>database</c>.</param>
/// <param name="Id">The provider's own identity, which a replacement under the same name does not share.</param>
/// <param name="Name">The name; attacker text, escaped wherever it is shown.</param>
public sealed record Item(string Kind, string Id, string Name);
