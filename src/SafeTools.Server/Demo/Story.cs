using System.Text.Json.Nodes;
using SafeTools.Server.Cli;
using SafeTools.Server.Serving;

namespace SafeTools.Server.Demo;

/// <summary>The incident of 24 April 2026, replayed against SafeTools. Every line shown comes from what really happened in the sandbox.</summary>
internal sealed class Story(Sandbox sandbox, Runtime human, Signer signer, AgentSession agent, Narrator narrator, Func<string, bool> confirm)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether everything went as promised.</summary>
    public async Task<bool> Tell(CancellationToken cancellationToken)
    {
        var before = sandbox.VolumeDigest();
        await Meet(cancellationToken).ConfigureAwait(false);
        await Investigate(cancellationToken).ConfigureAwait(false);
        var delete = await TryToDelete(cancellationToken).ConfigureAwait(false);
        var forged = await TryToForge(delete, cancellationToken).ConfigureAwait(false);
        var safe = forged && sandbox.VolumeDigest() == before;
        narrator.Tell(safe ? "The volume is untouched." : "The volume was touched: SafeTools failed.");

        var snapshot = await Snapshot(cancellationToken).ConfigureAwait(false);
        safe &= await Replay(delete, snapshot, cancellationToken).ConfigureAwait(false);
        if (!await Confirm(delete, cancellationToken).ConfigureAwait(false))
        {
            narrator.Tell("You said no, so nothing happens. That is the whole point.");
            return safe && sandbox.VolumeDigest() == before;
        }

        safe &= sandbox.VolumeDigest() is null;
        await Undo(delete, cancellationToken).ConfigureAwait(false);
        var same = sandbox.VolumeDigest() == before;
        narrator.Tell(same ? "The volume is back, byte for byte." : "The volume did not come back as it was.");
        return await Audit(cancellationToken).ConfigureAwait(false) && safe && same;
    }

    private async Task Meet(CancellationToken cancellationToken)
    {
        narrator.Scene("The agent gets tools, not tokens");
        narrator.Tell("A human has accepted a policy and signed it. The agent's editor starts the server and lists its tools:");
        foreach (var tool in (await agent.Tools(cancellationToken).ConfigureAwait(false)).Where(tool => tool.Title!.StartsWith('[')))
        {
            narrator.Tell($"  {tool.Name,-22} {tool.Title}");
        }
    }

    private async Task Investigate(CancellationToken cancellationToken)
    {
        narrator.Scene("A credential mismatch on staging");
        narrator.Agent("query_staging_db: select name, value from settings");
        var settings = await agent.Call("query_staging_db", new JsonObject { ["sql"] = "select name, value from settings" }, cancellationToken).ConfigureAwait(false);
        foreach (var row in settings["data"]!["rows"]!.AsArray())
        {
            narrator.Yes($"{row![0]} = {row[1]}");
        }

        narrator.Tell("The agent decides to \"fix\" it by deleting staging's volume. In the incident that took one call and nine seconds.");
        narrator.Agent($"describe_volume: {Sandbox.Volume}");
        var volume = await agent.Call("describe_volume", new JsonObject { ["volume"] = Sandbox.Volume }, cancellationToken).ConfigureAwait(false);
        var facts = volume["data"]!;
        var points = facts["recovery_points"]!.AsArray();
        narrator.Yes($"{FactText.Size(facts["bytes"]!.GetValue<long>())} in {facts["files"]} files; named by {string.Join(" and ", facts["named_by"]!.AsArray())}: shared, so it counts as production");
        narrator.Yes($"{points.Count} recovery points, {points.Count(point => point!["isolated"]!.GetValue<bool>())} isolated: {points[0]!["isolation"]}");
    }

    private async Task<string> TryToDelete(CancellationToken cancellationToken)
    {
        narrator.Scene("The nine-second path");
        narrator.Agent($"delete_staging_volume: {Sandbox.Volume}");
        Show(await agent.Call("delete_staging_volume", new JsonObject { ["volume"] = Sandbox.Volume }, cancellationToken).ConfigureAwait(false));
        narrator.Agent($"delete_volume: {Sandbox.Volume}, reason: \"stale staging data\"");
        var proposed = await AskToDelete(cancellationToken).ConfigureAwait(false);
        Show(proposed);
        return proposed["action"]!["id"]!.GetValue<string>();
    }

    private async Task<bool> TryToForge(string delete, CancellationToken cancellationToken)
    {
        narrator.Scene("The agent tries to say yes itself");
        narrator.Agent("approve_proposal, confirm: true");
        var noTool = await agent.Call("approve_proposal", new JsonObject { ["id"] = delete, ["confirm"] = true }, cancellationToken).ConfigureAwait(false);
        Show(noTool);

        narrator.Agent("edits the store: update actions set status = 'approved'");
        Intruder.EditRow(sandbox, delete);
        var action = await Until(delete, seen => seen.Status == ActionStatus.Pending, cancellationToken).ConfigureAwait(false);
        narrator.No($"the row said approved, no signature did: it is {action.Status.Word()} again, and the audit says so");

        narrator.Agent("adds itself to safetools.yaml as an approver of *@* and signs with its own key");
        using var itself = Intruder.EnrolItself(sandbox);
        await Noticed(AuditKind.PolicyWaiting, cancellationToken).ConfigureAwait(false);
        var forged = await Signing.Decide(human, action, Verdict.ApproveWithoutRecovery, null, itself, cancellationToken).ConfigureAwait(false);
        narrator.No(forged.Refusal?.ToString() ?? "accepted");
        return noTool["outcome"]!.GetValue<string>() == "error" && action.Status == ActionStatus.Pending && forged.Refusal is not null;
    }

    private async Task<string> Snapshot(CancellationToken cancellationToken)
    {
        narrator.Scene("A recovery point first");
        narrator.Agent($"snapshot_volume: {Sandbox.Volume}");
        var proposed = await agent.Call("snapshot_volume", new JsonObject { ["volume"] = Sandbox.Volume }, cancellationToken).ConfigureAwait(false);
        var id = proposed["action"]!["id"]!.GetValue<string>();
        narrator.No("proposed: production, so a human decides");
        await Approve(id, cancellationToken).ConfigureAwait(false);
        narrator.Yes("executed: a checked copy in another place, outside the volume's blast radius");
        return id;
    }

    private async Task<bool> Replay(string delete, string snapshot, CancellationToken cancellationToken)
    {
        narrator.Agent("takes the human's signature under the snapshot and puts it under the deletion");
        var action = (await human.Store.Get(delete, cancellationToken).ConfigureAwait(false))!;
        var replayed = await Intruder.Replay(human, action, snapshot, cancellationToken).ConfigureAwait(false);
        narrator.No(replayed.Refusal?.ToString() ?? "accepted");
        return replayed.Refusal is not null;
    }

    private async Task<bool> Confirm(string delete, CancellationToken cancellationToken)
    {
        narrator.Scene("A human decides");
        var action = await Until(delete, seen => seen.Blocked is null, cancellationToken).ConfigureAwait(false);
        narrator.Human($"sees: {action.PreviewJson["summary"]}");
        narrator.Human($"sees: {action.Environment.Word()}, {action.PreviewJson["environment_reason"]}; 1 isolated recovery point; undo: {action.PreviewJson["undo"]}");
        if (!confirm(Sandbox.Volume))
        {
            return false;
        }

        narrator.Human($"types {Sandbox.Volume}, unlocks the key, signs exactly this action");
        await Approve(delete, cancellationToken).ConfigureAwait(false);
        narrator.Yes("executed: moved to quarantine by one rename; nothing is lost yet");
        return true;
    }

    private async Task Undo(string delete, CancellationToken cancellationToken)
    {
        narrator.Scene("It was a mistake after all");
        narrator.Agent("undo_action");
        var proposed = await agent.Call("undo_action", new JsonObject { ["id"] = delete, ["reason"] = "production needs it" }, cancellationToken).ConfigureAwait(false);
        narrator.No("proposed: in production even an undo is a human's decision");
        await Approve(proposed["action"]!["id"]!.GetValue<string>(), cancellationToken).ConfigureAwait(false);
        narrator.Yes("executed");
    }

    private async Task<bool> Audit(CancellationToken cancellationToken)
    {
        narrator.Scene("What the audit says");
        var policies = await human.Store.Policies(cancellationToken).ConfigureAwait(false);
        var approvers = policies.ToDictionary(policy => policy.Epoch, policy => PolicyDocument.Approvers(policy.Document));
        await foreach (var entry in human.Store.Audit(1, cancellationToken).ConfigureAwait(false))
        {
            if (entry.Kind is "call.refused" or "decision.refused" or "action.reopened" or "policy.waiting" || (entry.Kind == "action.ended" && entry.Tool is not null))
            {
                narrator.Tell($"{entry.Kind,-17} {entry.Tool,-22} {entry.BodyJson["code"] ?? entry.BodyJson["status"]}".TrimEnd());
            }
        }

        var found = await AuditVerifier.Verify(human.Store.Id, human.Store.Audit(1, cancellationToken), approvers.GetValueOrDefault, cancellationToken).ConfigureAwait(false);
        narrator.Tell(found.Fault is null ? "Every link of the chain verifies, and the human's signatures anchor it." : $"The chain is broken: {found.Fault.Words}");
        return found.Fault is null;
    }

    private Task<JsonObject> AskToDelete(CancellationToken cancellationToken) =>
        agent.Call("delete_volume", new JsonObject { ["volume"] = Sandbox.Volume, ["reason"] = "stale staging data" }, cancellationToken);

    private async Task Approve(string id, CancellationToken cancellationToken)
    {
        var action = (await human.Store.Get(id, cancellationToken).ConfigureAwait(false))!;
        var judged = await Signing.Decide(human, action, Verdict.Approve, null, signer, cancellationToken).ConfigureAwait(false);
        if (judged.Refusal is { } refusal)
        {
            throw new InvalidOperationException(refusal.ToString());
        }

        var ended = await Until(id, seen => seen.Status is not (ActionStatus.Approved or ActionStatus.Executing), cancellationToken).ConfigureAwait(false);
        if (ended.Status != ActionStatus.Succeeded)
        {
            throw new InvalidOperationException($"{ended.Status.Word()}: {ended.Result}");
        }
    }

    /// <summary>The action once the server has got so far; gives up after ten seconds.</summary>
    private async Task<StoredAction> Until(string id, Func<StoredAction, bool> reached, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        while (true)
        {
            var action = (await human.Store.Get(id, patience.Token).ConfigureAwait(false))!;
            if (reached(action))
            {
                return action;
            }

            await Task.Delay(PollInterval, human.Clock, patience.Token).ConfigureAwait(false);
        }
    }

    /// <summary>Waits until the server has written down that it noticed; gives up after ten seconds.</summary>
    private async Task Noticed(AuditKind kind, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        while (!await human.Store.Audit(1, patience.Token).AnyAsync(entry => entry.Kind == kind.Word(), patience.Token).ConfigureAwait(false))
        {
            await Task.Delay(PollInterval, human.Clock, patience.Token).ConfigureAwait(false);
        }
    }

    private void Show(JsonObject answer)
    {
        var code = answer["code"] is { } id ? $"{id} " : "";
        narrator.No($"{answer["outcome"]}: {code}{answer["message"]}");
    }
}
