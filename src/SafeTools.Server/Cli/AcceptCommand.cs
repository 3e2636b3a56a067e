using System.CommandLine;
using System.Text.Json.Nodes;
using Humanizer;

namespace SafeTools.Server.Cli;

/// <summary><c>safetools accept</c>: shows what the files would change, has it signed, makes it the policy.</summary>
internal static class AcceptCommand
{
    public static Command Create()
    {
        var name = new Option<string?>("--as") { Description = "the approver who signs, where several have keys here", HelpName = "NAME" };
        var command = new Command("accept", "Show what changed in the files, sign it, make it the policy that is served") { name };
        Verb.Bind(command, (verb, cancellationToken) => Accept(verb, verb.Parsed.GetValue(name), cancellationToken));
        return command;
    }

    public static async Task<int> Accept(Verb verb, string? name, CancellationToken cancellationToken)
    {
        var (terminal, runtime) = (verb.Terminal, verb.Runtime);
        if (runtime.Files is not { } policy)
        {
            return verb.ShowProblems();
        }

        var chain = await runtime.Store.Policies(cancellationToken).ConfigureAwait(false);
        if (PolicyVerifier.Verify(runtime.Store.Id, chain) is { } broken)
        {
            return verb.Refuse(broken);
        }

        var before = chain.Count == 0 ? null : chain[^1];
        var document = PolicyDocument.Of(policy);
        if (before?.Digest == Digest.Of(document))
        {
            terminal.Line($"Policy {before.Epoch} is accepted already; the files have not changed since.");
            return ExitCode.Done;
        }

        if (!policy.CanBeFollowed)
        {
            terminal.Complain($"A later policy would need {"person".ToQuantity(policy.Rules.ApprovalsForPolicy)} who {(policy.Rules.ApprovalsForPolicy == 1 ? "approves" : "approve")} {Approver.Everything}, and safetools.yaml names fewer, so it could never be changed again. Run: safetools approvers enroll NAME");
            return ExitCode.Usage;
        }

        var live = await LiveChecks.Make(policy, runtime.Providers, runtime.Clock, cancellationToken).ConfigureAwait(false);
        if (live.Faults.Count > 0)
        {
            return Complain(terminal, live.Faults);
        }

        Show(verb, before is null ? null : Before(verb, before), policy, before, chain.Count + 1, live);
        var signers = before is null ? policy.Approvers : PolicyDocument.Approvers(before.Document);
        using var signer = Signer.Unlock(terminal, runtime.Locations.Keys, signers.Where(approver => approver.ApprovesEverything), name);
        if (signer is null)
        {
            return ExitCode.Refused;
        }

        if (await Signing.Accept(runtime, document, signer, cancellationToken).ConfigureAwait(false) is { } refusal)
        {
            return verb.Refuse(refusal);
        }

        var accepted = (await runtime.Store.Policies(cancellationToken).ConfigureAwait(false)).Count > chain.Count;
        terminal.Line(accepted
            ? terminal.Good($"Policy {chain.Count + 1} is accepted. Running servers take it over at once.")
            : $"Signed by {signer.Approver.Name}. The policy asks for {PolicyVerifier.RequiredSigners(before)} persons: another one runs safetools accept on the same files.");
        return ExitCode.Done;
    }

    private static Policy? Before(Verb verb, AcceptedPolicy accepted) => verb.Runtime.Loader.Load(PolicyDocument.Source(accepted.Document), out _);

    private static void Show(Verb verb, Policy? before, Policy after, AcceptedPolicy? accepted, int epoch, LiveChecks live)
    {
        var terminal = verb.Terminal;
        var changes = PolicyChanges.Between(before, after);
        if (terminal.Json)
        {
            var json = new JsonObject
            {
                ["epoch"] = epoch,
                ["changes"] = new JsonArray([.. changes.Select(change => new JsonObject { ["loosens"] = change.Loosens, ["change"] = change.Text })]),
            };
            if (live.Proofs.Count > 0)
            {
                json["attestations"] = live.Json(after.Environments);
            }

            terminal.Write(json);
            live.Write(terminal, after.Environments);
            return;
        }

        terminal.Line(terminal.Strong(accepted is null
            ? "This is the first policy of this store. Whoever signs it becomes its first approver."
            : $"Policy {epoch} would change policy {epoch - 1}:"));
        foreach (var change in changes)
        {
            var text = VisibleText.Line(change.Text, int.MaxValue);
            terminal.Line(change.Loosens ? $"  {terminal.Careful("+ " + text)}" : $"  - {text}");
        }

        terminal.Line($"  {changes.Count(change => change.Loosens)} that give more or may do so (+), {changes.Count(change => !change.Loosens)} others (-).");
        terminal.Line();
        live.Write(terminal, after.Environments);
    }

    private static int Complain(Terminal terminal, IReadOnlyList<(ToolSpec Tool, Refusal Why)> faults)
    {
        foreach (var (tool, why) in faults)
        {
            if (terminal.Json)
            {
                terminal.Write(new JsonObject { ["file"] = tool.File, ["refused"] = why.Code.Id, ["message"] = why.Message });
            }

            terminal.Complain($"{tool.File}: {why.Code.Id} {why.Message} {why.Code.Remedy}");
        }

        terminal.Complain("Nothing was signed: the live system would not run these tools as their specs have them.");
        return ExitCode.Usage;
    }
}
