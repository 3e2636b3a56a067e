using System.CommandLine;
using System.Text.Json.Nodes;
using SafeTools.Server.Mcp;
using SafeTools.Server.Serving;

namespace SafeTools.Server.Cli;

/// <summary><c>safetools proposals list|show|approve|reject</c>: what waits, and a human's word on it.</summary>
internal static class ProposalsCommand
{
    /// <summary>How long a serving process may take to refresh a preview or to execute, before the command goes on without it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    public static Command Create()
    {
        var list = new Command("list", "What waits for a decision");
        Verb.Bind(list, List);

        var shown = Ids();
        var show = new Command("show", "All facts of one or more actions") { shown };
        Verb.Bind(show, (verb, cancellationToken) => Show(verb, verb.Parsed.GetRequiredValue(shown), cancellationToken), First(shown));

        var approved = Ids();
        var approver = As();
        var without = new Option<bool>("--without-recovery") { Description = "say yes although the recovery gate blocks" };
        var approve = new Command("approve", "Say yes: shows each, asks for the target's name in production, signs") { approved, approver, without };
        Verb.Bind(approve, (verb, cancellationToken) => Decide(
            verb,
            verb.Parsed.GetRequiredValue(approved),
            verb.Parsed.GetValue(without) ? Verdict.ApproveWithoutRecovery : Verdict.Approve,
            verb.Parsed.GetValue(approver),
            null,
            cancellationToken), First(approved));

        var rejected = Ids();
        var rejecter = As();
        var reason = new Option<string?>("--reason") { Description = "what the agent is told", HelpName = "TEXT" };
        var reject = new Command("reject", "Say no: final, and the same request refuses for 24 hours") { rejected, rejecter, reason };
        Verb.Bind(reject, (verb, cancellationToken) => Decide(
            verb, verb.Parsed.GetRequiredValue(rejected), Verdict.Reject, verb.Parsed.GetValue(rejecter), verb.Parsed.GetValue(reason), cancellationToken), First(rejected));

        return new Command("proposals", "What agents have asked for, and the decisions on it") { list, show, approve, reject };
    }

    /// <summary>Shows, asks, signs and follows up each action with one unlocked key. Also what <c>safetools undo</c> ends in.</summary>
    public static async Task<int> Decide(Verb verb, IReadOnlyList<string> ids, Verdict verdict, string? name, string? reason, CancellationToken cancellationToken)
    {
        var (terminal, runtime) = (verb.Terminal, verb.Runtime);
        var actions = new List<StoredAction>();
        foreach (var id in ids)
        {
            if (await Fresh(runtime, id, cancellationToken).ConfigureAwait(false) is not { } action)
            {
                return verb.Refuse(RefusalCatalog.NoSuchProposal.Because($"There is no {VisibleText.Line(id, 64)} in this store."));
            }

            actions.Add(action);
        }

        var standing = await runtime.Catalog.Standing(cancellationToken).ConfigureAwait(false);
        foreach (var action in actions)
        {
            if (action.Status != ActionStatus.Pending)
            {
                return verb.Refuse(RefusalCatalog.ProposalClosed.Because($"{action.Id} is {action.Status.Word()}."));
            }

            if (ActionHistory.Edited(action, await ActionHistory.Read(runtime.Store, action.Id, cancellationToken).ConfigureAwait(false)) is { } edited)
            {
                return verb.Refuse(edited);
            }
        }

        Signer? signer = null;
        var worst = ExitCode.Done;
        try
        {
            foreach (var action in actions)
            {
                await Page(verb, action, standing, cancellationToken).ConfigureAwait(false);
                if (verdict == Verdict.Approve && action.Blocked is { } blocked)
                {
                    worst = verb.Refuse(RefusalCatalog.RecoveryPointMissing.Because($"{blocked} To say yes all the same: safetools proposals approve --without-recovery {action.Id}"));
                    continue;
                }

                if (verdict != Verdict.Reject && !Confirmed(terminal, action, several: actions.Count > 1))
                {
                    terminal.Complain("Not confirmed. Nothing was signed.");
                    worst = ExitCode.Refused;
                    continue;
                }

                signer ??= Signer.Unlock(terminal, runtime.Locations.Keys, standing.Policy.Approvers, name);
                if (signer is null)
                {
                    return ExitCode.Refused;
                }

                var judged = await Signing.Decide(runtime, action, verdict, reason, signer, cancellationToken).ConfigureAwait(false);
                worst = Math.Max(worst, judged.Refusal is { } refusal ? verb.Refuse(refusal) : await Tell(verb, action, judged.Status, cancellationToken).ConfigureAwait(false));
            }
        }
        finally
        {
            signer?.Dispose();
        }

        return worst;
    }

    private static Argument<string[]> Ids() => ActionIds.Check(new Argument<string[]>("ids") { Description = "act-...", Arity = ArgumentArity.OneOrMore });

    private static Func<ParseResult, string?> First(Argument<string[]> ids) => parsed => parsed.GetValue(ids) is [var first, ..] ? first : null;

    private static Option<string?> As() => new("--as") { Description = "the approver who signs, where several have keys here", HelpName = "NAME" };

    private static async Task<int> List(Verb verb, CancellationToken cancellationToken)
    {
        var standing = await verb.Runtime.Catalog.Standing(cancellationToken).ConfigureAwait(false);
        var (open, unreadable) = await OpenActions.Of(verb.Runtime.Store, cancellationToken).ConfigureAwait(false);
        foreach (var action in open)
        {
            if (verb.Terminal.Json)
            {
                verb.Terminal.Write(ActionView.Of(action));
            }
            else
            {
                verb.Terminal.Line($"{action.Id}  {action.Status.Word(),-9} {verb.Terminal.Coloured(action.Environment)} · {action.Effect.Word()}  "
                    + $"{VisibleText.Line(action.PreviewJson["summary"]!.GetValue<string>(), 120)}  ({VisibleText.Line(action.Principal, 64)}, {FactText.Age(action.Asked, standing.Now)})"
                    + (action.Blocked is null ? "" : $"  {verb.Terminal.Bad("blocked: no recovery point")}"));
            }
        }

        foreach (var id in unreadable)
        {
            verb.Terminal.Complain($"{VisibleText.Line(id, 64)} cannot be read: somebody edited its row. Nothing is done with it. See: safetools audit verify");
        }

        if (open.Count == 0 && unreadable.Count == 0 && !verb.Terminal.Json)
        {
            verb.Terminal.Line("Nothing waits.");
        }

        return unreadable.Count == 0 ? ExitCode.Done : ExitCode.Found;
    }

    private static async Task<int> Show(Verb verb, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var standing = await verb.Runtime.Catalog.Standing(cancellationToken).ConfigureAwait(false);
        foreach (var id in ids)
        {
            if (await Fresh(verb.Runtime, id, cancellationToken).ConfigureAwait(false) is not { } action)
            {
                return verb.Refuse(RefusalCatalog.NoSuchProposal.Because($"There is no {VisibleText.Line(id, 64)} in this store."));
            }

            if (verb.Terminal.Json)
            {
                verb.Terminal.Write(ActionView.Of(action));
            }
            else
            {
                await Page(verb, action, standing, cancellationToken).ConfigureAwait(false);
            }
        }

        return ExitCode.Done;
    }

    private static async Task Page(Verb verb, StoredAction action, Standing standing, CancellationToken cancellationToken)
    {
        var evidence = await verb.Runtime.Store.Evidence(action.Id, cancellationToken).ConfigureAwait(false);
        var signed = Judge.Verified(action, evidence, verb.Runtime.Store.Id, standing).Select(decision => $"{decision.Approver.Name} ({decision.Verdict.Word()})");
        ProposalPage.Show(verb.Terminal, action, [.. signed], standing.Now);
    }

    /// <summary>The action with facts of this moment, where a process that can look is running.</summary>
    private static async Task<StoredAction?> Fresh(Runtime runtime, string id, CancellationToken cancellationToken)
    {
        var action = await runtime.Store.Get(id, cancellationToken).ConfigureAwait(false);
        if (action?.Status != ActionStatus.Pending || !ServerPresence.Anybody(runtime.Locations.Servers))
        {
            return action;
        }

        await runtime.Store.WantPreview(id, cancellationToken).ConfigureAwait(false);
        return await Follow(runtime, id, seen => !seen.PreviewWanted, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>In production the target's name; elsewhere a word for each of several, so that none is signed unread.</summary>
    private static bool Confirmed(Terminal terminal, StoredAction action, bool several)
    {
        var name = ActionDocument.TargetName(action.Document);
        return action.Environment == EnvironmentLabel.Production
            ? terminal.Ask($"This is production. Type the target's name to go on ({VisibleText.Line(name, 200)}):") == name
            : !several || terminal.Ask("Sign this one? Type yes:") == "yes";
    }

    private static async Task<int> Tell(Verb verb, StoredAction action, ActionStatus status, CancellationToken cancellationToken)
    {
        var (terminal, runtime) = (verb.Terminal, verb.Runtime);
        if (status != ActionStatus.Approved)
        {
            Say(verb, action with { Status = status }, status == ActionStatus.Pending ? "Signed. Another person has to decide too." : "Rejected. The agent is told.");
            return ExitCode.Done;
        }

        if (!ServerPresence.Anybody(runtime.Locations.Servers))
        {
            Say(verb, action with { Status = status }, $"Approved. No server runs that could execute it; it stays approved for {FactText.Span(PolicyRules.ApprovedLife)}.");
            return ExitCode.Done;
        }

        var ended = await Follow(runtime, action.Id, seen => seen.Status is not (ActionStatus.Approved or ActionStatus.Executing), cancellationToken).ConfigureAwait(false);
        Say(verb, ended!, Outcome.Of(ended!) switch
        {
            Outcome.Executed => terminal.Good("Approved and done.") + (ActionResult.Undo(ended!) is null ? "" : $" It can be taken back: safetools undo {ended!.Id}"),
            Outcome.Failed failed => terminal.Bad($"Approved, but not done: {failed.Why}"),
            Outcome.Unknown unknown => terminal.Bad($"Approved, but nobody can tell whether it happened: {unknown.Why}"),
            _ => "Approved; it is still being executed.",
        });
        return ended!.Status is ActionStatus.Succeeded or ActionStatus.Executing or ActionStatus.Approved ? ExitCode.Done : ExitCode.Refused;
    }

    private static void Say(Verb verb, StoredAction action, string text)
    {
        if (verb.Terminal.Json)
        {
            verb.Terminal.Write(ActionView.Of(action));
        }
        else
        {
            verb.Terminal.Line(text);
        }
    }

    private static async Task<StoredAction?> Follow(Runtime runtime, string id, Func<StoredAction, bool> until, CancellationToken cancellationToken)
    {
        var start = runtime.Clock.GetTimestamp();
        while (true)
        {
            var action = await runtime.Store.Get(id, cancellationToken).ConfigureAwait(false);
            if (action is null || until(action) || runtime.Clock.GetElapsedTime(start) > Patience)
            {
                return action;
            }

            await Task.Delay(PollInterval, runtime.Clock, cancellationToken).ConfigureAwait(false);
        }
    }
}
