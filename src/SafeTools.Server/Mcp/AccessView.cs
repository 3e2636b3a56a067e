using System.Text.Json.Nodes;
using SafeTools.Server.Serving;

namespace SafeTools.Server.Mcp;

/// <summary>What a principal may do: each tool by environment, whether it runs at once or waits for a human, and what was proved of its resource.</summary>
internal static class AccessView
{
    public static JsonObject Of(string principal, Standing standing, Attestations attestations)
    {
        var asker = standing.Policy.Principals.GetValueOrDefault(principal);
        var tools = standing.Policy.Tools.Values
            .Where(tool => asker is not null && Catalog.Offers(asker, tool, standing))
            .OrderBy(tool => tool.Name, StringComparer.Ordinal)
            .Select(tool => Tool(tool, asker!, standing, attestations));
        return new JsonObject
        {
            ["principal"] = principal,
            ["policy"] = standing.Epoch == 0 ? "No policy is accepted yet: only reads run until a human runs safetools accept." : $"Accepted policy {standing.Epoch}.",
            ["frozen"] = standing.Freezes.Holds(principal),
            ["tools"] = new JsonArray([.. tools]),
            ["always"] = "Whatever is unknown, unconfirmed or shared counts as production. Nothing that you can call approves anything; a human decides outside this connection.",
        };
    }

    private static JsonObject Tool(ToolSpec tool, Principal asker, Standing standing, Attestations attestations)
    {
        var places = new JsonObject();
        foreach (var environment in Enum.GetValues<EnvironmentLabel>().Where(place => place <= tool.Ceiling && asker.MayUse(tool.Name, tool.Effect, place)))
        {
            places[environment.Word()] = Gate.NeedsHumans(tool.Effect, environment) ? "a human decides" : "runs at once";
        }

        var view = new JsonObject
        {
            ["tool"] = tool.Name,
            ["effect"] = tool.Effect.Word(),
            ["resource"] = tool.Resource.Name,
            ["environments"] = places,
        };
        if (attestations.Of(tool.Resource) is { } attestation)
        {
            view["attestation"] = AttestationView.Of(attestation, attestation.Place(tool.Resource, standing.Policy.Environments));
        }

        return view;
    }
}
