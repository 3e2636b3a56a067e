using System.Text.Json.Nodes;

namespace SafeTools.Tests.Support;

/// <summary>Actions as the flow would hand them to a store.</summary>
internal static class StoredActions
{
    public static StoredAction Pending(DateTimeOffset now, string key = "key-1", string principal = "local", string state = "attached")
    {
        var id = Identifier.NewAction();
        return new StoredAction
        {
            Id = id,
            Key = Digest.Of(principal + "\n" + key),
            Principal = principal,
            Tool = "delete_volume",
            Resource = "data",
            Document = CanonicalJson.Text(new JsonObject { ["id"] = id, ["arguments"] = new JsonObject { ["volume"] = key } }),
            Reason = "to fix the credential mismatch",
            Status = ActionStatus.Pending,
            Environment = EnvironmentLabel.Production,
            Effect = Effect.Irreversible,
            Required = 1,
            Preview = Preview(state),
            Fingerprint = Fingerprint(state),
            Asked = now,
            Expires = now + TimeSpan.FromHours(24),
        };
    }

    public static StoredAction Executing(DateTimeOffset now, string key = "key-1", string principal = "local") => Pending(now, key, principal) with
    {
        Status = ActionStatus.Executing,
        Effect = Effect.Reversible,
        Environment = EnvironmentLabel.Staging,
        Required = 0,
        Server = "server-one",
    };

    public static string Preview(string state) => CanonicalJson.Text(new JsonObject { ["summary"] = "a volume", ["fingerprint"] = new JsonObject { ["state"] = state } });

    public static string Fingerprint(string state) => CanonicalJson.Text(new JsonObject { ["state"] = state });

    public static ActionMove Move(StoredAction action, ActionStatus from, ActionStatus to) =>
        new(action.Id, from, to, new AuditDraft(to == ActionStatus.Executing ? AuditKind.ActionClaimed : AuditKind.ActionEnded, new JsonObject { ["status"] = to.Word() })
        {
            Principal = action.Principal,
            ActionId = action.Id,
            Tool = action.Tool,
        });
}
