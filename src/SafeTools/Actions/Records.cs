using System.Text.Json.Nodes;

namespace SafeTools;

/// <summary>What the pipeline writes down at each step: rows and audit entries. Bodies hold nothing personal; payloads can be erased.</summary>
internal static class Records
{
    public static AuditDraft Refused(Call call, Refusal why) => new(AuditKind.CallRefused, new JsonObject { ["code"] = why.Code.Id })
    {
        Principal = call.Principal,
        Tool = VisibleText.Line(call.Tool, 64),
        Payload = new JsonObject { ["message"] = why.Message },
    };

    public static AuditDraft Refused(Action action, Refusal why) => new(AuditKind.CallRefused, new JsonObject { ["code"] = why.Code.Id, ["spec"] = action.Tool.Digest })
    {
        Principal = action.Principal.Name,
        Tool = action.Tool.Name,
        Payload = new JsonObject { ["arguments"] = action.ArgumentsJson, ["reason"] = action.Reason, ["message"] = why.Message },
    };

    public static AuditDraft UndoRefused(string asker, string actionId, Refusal why) => new(AuditKind.CallRefused, new JsonObject { ["code"] = why.Code.Id })
    {
        Principal = asker,
        Tool = "undo_action",
        Payload = new JsonObject { ["undoes"] = VisibleText.Line(actionId, 64), ["message"] = why.Message },
    };

    public static AuditDraft Read(Action action, Ruling.Run run, Execution execution) => new(
        execution is Execution.Done ? AuditKind.ReadAnswered : AuditKind.ReadFailed,
        new JsonObject
        {
            ["spec"] = action.Tool.Digest,
            ["environment"] = run.Placement.Environment.Word(),
            ["code"] = execution switch
            {
                Execution.Failed failed => failed.Why.Code.Id,
                Execution.Unknown unknown => unknown.Why.Code.Id,
                _ => null,
            },
        })
    {
        Principal = action.Principal.Name,
        Tool = action.Tool.Name,
        Payload = new JsonObject { ["arguments"] = action.ArgumentsJson },
    };

    public static AuditDraft ObligationBegun(Resource resource, Obligation owed) =>
        new(AuditKind.ObligationBegun, new JsonObject { ["resource"] = resource.Name, ["due"] = PreviewDocument.Time(owed.Due) }) { ActionId = owed.ActionId };

    public static AuditDraft ObligationEnded(Resource resource, Obligation owed, Execution execution)
    {
        var (status, code) = execution switch
        {
            Execution.Done => ("fulfilled", null),
            Execution.Failed failed => ("postponed", failed.Why),
            Execution.Unknown unknown => ("unknown", unknown.Why),
            _ => throw new NotSupportedException("Unknown execution."),
        };
        return new(AuditKind.ObligationEnded, new JsonObject { ["resource"] = resource.Name, ["status"] = status, ["code"] = code?.Code.Id })
        {
            ActionId = owed.ActionId,
            Payload = execution is Execution.Done done ? new JsonObject { ["data"] = done.Data.DeepClone() } : new JsonObject { ["message"] = code!.Message },
        };
    }

    public static StoredAction Proposal(Action action, Preview seen, Ruling.Ask ask, Standing standing) =>
        Row(action, seen, ask.Effect, ask.Placement, standing) with
        {
            Status = ActionStatus.Pending,
            Required = ask.Required,
            Blocked = ask.Blocked?.Message,
            Expires = standing.Now + standing.Policy.Rules.ProposalLife,
        };

    public static StoredAction Begun(Action action, Preview seen, Ruling.Run run, Standing standing, string server) =>
        Row(action, seen, run.Effect, run.Placement, standing) with { Server = server };

    public static ActionMove Reopened(StoredAction action, Refusal why, Standing standing) =>
        new(action.Id, ActionStatus.Approved, ActionStatus.Pending, Step(AuditKind.ActionReopened, action, new JsonObject { ["code"] = why.Code.Id }))
        {
            Expires = action.Asked + standing.Policy.Rules.ProposalLife,
        };

    /// <summary>The row goes back to how the chain says that it ended; the result it held is kept.</summary>
    public static ActionMove Restored(StoredAction action, ActionStatus to) => new(
        action.Id, action.Status, to, Step(AuditKind.ActionRestored, action, new JsonObject { ["status"] = to.Word(), ["code"] = RefusalCatalog.AuditBroken.Id }));

    public static ActionMove Claimed(StoredAction action, string server) =>
        new(action.Id, ActionStatus.Approved, ActionStatus.Executing, Step(AuditKind.ActionClaimed, action, new JsonObject { ["server"] = server })) { Server = server };

    public static ActionMove Stale(StoredAction action, Refusal why) => End(action, ActionStatus.Stale, why.Code.Id, ActionResult.Of(why));

    public static ActionMove Ended(StoredAction action, Execution execution) => execution switch
    {
        Execution.Done done => End(action, ActionStatus.Succeeded, null, ActionResult.Of(done)),
        Execution.Failed failed => End(action, ActionStatus.Failed, failed.Why.Code.Id, ActionResult.Of(failed.Why)),
        Execution.Unknown unknown => End(action, ActionStatus.Unknown, unknown.Why.Code.Id, ActionResult.Of(unknown.Why)),
        _ => throw new NotSupportedException("Unknown execution."),
    };

    /// <summary>A step that ends an action without an execution: expiry, withdrawal.</summary>
    /// <param name="why">Where more is to be said than the status says.</param>
    public static ActionMove Lapsed(StoredAction action, ActionStatus to, Refusal? why = null) =>
        new(action.Id, action.Status, to, Step(AuditKind.ActionEnded, action, new JsonObject { ["status"] = to.Word(), ["code"] = why?.Code.Id }))
        {
            Result = why is null ? null : ActionResult.Of(why),
        };

    private static ActionMove End(StoredAction action, ActionStatus to, string? code, string result) => new(
        action.Id,
        action.Status is ActionStatus.Unknown or ActionStatus.Pending ? action.Status : ActionStatus.Executing,
        to,
        Step(AuditKind.ActionEnded, action, new JsonObject { ["status"] = to.Word(), ["code"] = code, ["result"] = Digest.Of(result) })) { Result = result };

    private static AuditDraft Step(AuditKind kind, StoredAction action, JsonObject body) => new(kind, body)
    {
        Principal = action.Principal,
        ActionId = action.Id,
        Tool = action.Tool,
    };

    private static StoredAction Row(Action action, Preview seen, Effect effect, Placement placement, Standing standing) => new()
    {
        Id = action.Id,
        Key = action.Key,
        Principal = action.Principal.Name,
        Tool = action.Tool.Name,
        Resource = action.Tool.Resource.Name,
        Document = ActionDocument.Of(action, seen.Item, placement.Environment),
        Reason = action.Reason,
        Status = ActionStatus.Executing,
        Environment = placement.Environment,
        Effect = effect,
        Required = 0,
        Preview = CanonicalJson.Text(PreviewDocument.Of(seen, placement, effect)),
        Fingerprint = PreviewDocument.FingerprintText(seen, placement),
        Undoes = action.Undoes,
        Asked = standing.Now,
        Expires = standing.Now + PolicyRules.ApprovedLife,
    };
}
