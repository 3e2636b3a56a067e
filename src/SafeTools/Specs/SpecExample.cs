using System.Text.Json;

namespace SafeTools;

/// <summary>A call that <c>safetools check</c> tries, and what must come of it.</summary>
/// <param name="Line">Where it stands in the spec's file.</param>
/// <param name="Arguments">What an agent would send.</param>
/// <param name="Expected"><c>executed</c>, <c>proposed</c>, or a refusal's code.</param>
internal sealed record SpecExample(int Line, IReadOnlyDictionary<string, JsonElement> Arguments, string Expected);
