using System.Text.Json;
using System.Text.Json.Nodes;

namespace SafeTools;

/// <summary>
/// What <c>accept</c> signs: the files, and beside them the approvers they name, so that a later build can check the chain of
/// acceptances without having to understand old files.
/// </summary>
internal static class PolicyDocument
{
    private const int Version = 1;
    private static readonly string[] Keys = ["version", "source", "signers", "approvers"];

    public static string Of(Policy policy) => CanonicalJson.Text(new JsonObject
    {
        ["version"] = Version,
        ["source"] = policy.Source.ToJson(),
        ["signers"] = policy.Rules.ApprovalsForPolicy,
        ["approvers"] = new JsonArray([.. policy.Approvers.Select(approver => new JsonObject
        {
            ["name"] = approver.Name,
            ["key"] = approver.Key.Text,
            ["approves"] = JsonValues.Array(approver.Approves),
        })]),
    });

    /// <exception cref="FormatException">Malformed, or written by a newer build.</exception>
    public static PolicySource Source(string document) => Read(document, json => IsNewer(json)
        ? throw new FormatException("The accepted policy was written by a newer build of SafeTools.")
        : PolicySource.FromJson(json.Required("source").AsObject()));

    /// <summary>Whether it says things that this build has no word for: another version, or keys that it does not know.</summary>
    public static bool IsNewer(string document)
    {
        try
        {
            return Read(document, IsNewer);
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <exception cref="FormatException">Malformed.</exception>
    public static IReadOnlyList<Approver> Approvers(string document) => Read(document, json => json.Required("approvers").AsArray()
        .Select(node => (node ?? throw new FormatException("Not an approver.")).AsObject())
        .Select(approver => new Approver(
            approver.Required("name").GetValue<string>(),
            P256PublicKey.Parse(approver.Required("key").GetValue<string>()) ?? throw new FormatException("Not a key."),
            [.. approver.Required("approves").AsArray().Select(pattern => pattern?.GetValue<string>() ?? throw new FormatException("Not a pattern."))]))
        .ToArray());

    /// <summary>How many persons must sign the policy that comes after this one.</summary>
    /// <exception cref="FormatException">Malformed.</exception>
    public static int Signers(string document) => Read(document, json => json.Required("signers").GetValue<int>());

    private static bool IsNewer(JsonObject json) =>
        json.Required("version").GetValue<int>() != Version || json.Any(entry => !Keys.Contains(entry.Key, StringComparer.Ordinal));

    private static T Read<T>(string document, Func<JsonObject, T> read)
    {
        try
        {
            // A key that stands twice means one thing to one reader and another to the next.
            return JsonNode.Parse(document, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) is JsonObject json ? read(json) : throw new FormatException("Not a policy.");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            throw new FormatException("Not a policy.", fault);
        }
    }
}
