using System.Text.Json;

namespace SafeTools;

/// <summary>What an agent sent: nothing in it is believed.</summary>
/// <param name="Principal">Who asks; established by the transport, not by the message.</param>
internal sealed record Call(string Principal, string Tool, IReadOnlyDictionary<string, JsonElement> Arguments);
