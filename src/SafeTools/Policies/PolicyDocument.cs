using System.Text.Json.Nodes;

namespace SafeTools;

/// <summary>
/// What <c>accept</c> signs: the files, and beside them the approvers they name, so that a later build can check the chain of
/// acceptances without having to understand old files.
/// </summary>
internal static class PolicyDocument
{
    public static string Of(Policy policy) => CanonicalJson.Text(new JsonObject
    {
        ["version"] = 1,
        ["source"] = policy.Source.ToJson(),
        ["signers"] = policy.Rules.ApprovalsForPolicy,
        ["approvers"] = new JsonArray([.. policy.Approvers.Select(approver => new JsonObject
        {
            ["name"] = approver.Name,
            ["key"] = approver.Key.Text,
            ["approves"] = JsonValues.Array(approver.Approves),
        })]),
    });

    /// <exception cref="FormatException">Written by a newer build.</exception>
    public static PolicySource Source(string document)
    {
        var json = JsonNode.Parse(document)!.AsObject();
        return json["version"]?.GetValue<int>() == 1
            ? PolicySource.FromJson(json["source"]!.AsObject())
            : throw new FormatException("The accepted policy was written by a newer build of SafeTools.");
    }

    public static IReadOnlyList<Approver> Approvers(string document) =>
    [
        .. JsonNode.Parse(document)!["approvers"]!.AsArray().Select(node => new Approver(
            node!["name"]!.GetValue<string>(),
            P256PublicKey.Parse(node["key"]!.GetValue<string>()) ?? throw new FormatException("Not a key."),
            [.. node["approves"]!.AsArray().Select(pattern => pattern!.GetValue<string>())])),
    ];

    /// <summary>How many persons must sign the policy that comes after this one.</summary>
    public static int Signers(string document) => JsonNode.Parse(document)!["signers"]!.GetValue<int>();
}
