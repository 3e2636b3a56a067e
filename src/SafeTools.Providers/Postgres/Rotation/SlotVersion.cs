using System.Text.Json.Nodes;

namespace SafeTools.Providers.Postgres;

/// <summary>A slot at one version, of which there is only one.</summary>
internal sealed record SlotVersion(string Slot, string Role, long Version)
{
    public static SlotVersion Of(SlotState state) => new(state.Name, state.Role, state.Version);

    public JsonObject ToJson() => new() { ["slot"] = Slot, ["role"] = Role, ["version"] = Version };

    public static SlotVersion Parse(JsonNode json) => new(json["slot"]!.GetValue<string>(), json["role"]!.GetValue<string>(), json["version"]!.GetValue<long>());
}
