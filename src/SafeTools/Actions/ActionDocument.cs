using System.Text.Json.Nodes;

namespace SafeTools;

/// <summary>
/// The canonical bytes of an action: what a decision signs by digest, and what execution is rebuilt from.
/// It holds the action's id, so that a signature is good for this one request and never for a later twin.
/// </summary>
internal static class ActionDocument
{
    public static string Of(Action action, Item item, EnvironmentLabel environment) => CanonicalJson.Text(new JsonObject
    {
        ["version"] = 1,
        ["id"] = action.Id,
        ["principal"] = action.Principal.Name,
        ["tool"] = action.Tool.Name,
        ["spec"] = action.Tool.Digest,
        ["operation"] = action.Operation.Name,
        ["arguments"] = action.ArgumentsJson,
        ["undoes"] = action.Undoes,
        ["target"] = new JsonObject { ["kind"] = item.Kind, ["id"] = item.Id, ["name"] = item.Name, ["environment"] = environment.Word() },
    });

    /// <summary>The action under today's policy, or why it is not the same any more.</summary>
    public static Refusal? Read(string document, Policy policy, IReadOnlyList<IProvider> providers, out Action? action)
    {
        action = null;
        var json = JsonNode.Parse(document)!.AsObject();
        var tool = policy.Tools.GetValueOrDefault(json["tool"]!.GetValue<string>());
        var asker = json["principal"]!.GetValue<string>();
        var principal = asker == Humans.Principal.Name ? Humans.Principal : policy.Principals.GetValueOrDefault(asker);
        var operation = providers.SelectMany(provider => provider.Operations).FirstOrDefault(known => known.Name == json["operation"]!.GetValue<string>());
        if (tool is null || principal is null || operation is null || tool.Digest != json["spec"]!.GetValue<string>())
        {
            return RefusalCatalog.PolicyChanged.Because("The accepted policy no longer holds the tool or the principal as it was when this was asked.");
        }

        action = new Action
        {
            Id = json["id"]!.GetValue<string>(),
            Principal = principal,
            Tool = tool,
            Operation = operation,
            Arguments = new Arguments(json["arguments"]!.AsObject().ToDictionary(value => value.Key, value => JsonValues.Element(value.Value!), StringComparer.Ordinal)),
            Undoes = json["undoes"]?.GetValue<string>(),
        };
        return null;
    }

    /// <summary>The resolved target, as canonical text.</summary>
    public static string Target(string document) => CanonicalJson.Text(JsonNode.Parse(document)!["target"]);

    /// <summary>Null where the word is none of ours.</summary>
    public static EnvironmentLabel? TargetEnvironment(string document) =>
        LabelNames.ParseEnvironment(JsonNode.Parse(document)!["target"]!["environment"]!.GetValue<string>());

    public static string Operation(string document) => JsonNode.Parse(document)!["operation"]!.GetValue<string>();

    /// <summary>The name that a human types to confirm.</summary>
    public static string TargetName(string document) => JsonNode.Parse(document)!["target"]!["name"]!.GetValue<string>();
}
