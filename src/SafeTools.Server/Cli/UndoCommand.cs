using System.CommandLine;
using SafeTools.Server.Mcp;
using SafeTools.Server.Serving;

namespace SafeTools.Server.Cli;

/// <summary><c>safetools undo ID</c>: takes a succeeded action back, through the same gate; in production it is signed first.</summary>
internal static class UndoCommand
{
    public static Command Create()
    {
        var id = ActionIds.Check(new Argument<string>("id") { Description = "act-..." });
        var name = new Option<string?>("--as") { Description = "the approver who signs, where several have keys here", HelpName = "NAME" };
        var command = new Command("undo", "Take a succeeded action back; in production after a signature") { id, name };
        Verb.Bind(command, (verb, cancellationToken) => Undo(verb, verb.Parsed.GetRequiredValue(id), verb.Parsed.GetValue(name), cancellationToken), parsed => parsed.GetValue(id));
        return command;
    }

    private static async Task<int> Undo(Verb verb, string id, string? name, CancellationToken cancellationToken)
    {
        switch (await Ask(verb.Runtime, id, cancellationToken).ConfigureAwait(false))
        {
            case Outcome.Proposed { Action: { Status: ActionStatus.Pending } undo }:
                return await ProposalsCommand.Decide(verb, [undo.Id], Verdict.Approve, name, null, cancellationToken).ConfigureAwait(false);
            case Outcome.Executed { Action: { } done }:
                if (verb.Terminal.Json)
                {
                    verb.Terminal.Write(ActionView.Of(done));
                }
                else
                {
                    verb.Terminal.Line(verb.Terminal.Good($"Taken back ({done.Id})."));
                }

                return ExitCode.Done;
            case Outcome.Refused refused:
                return verb.Refuse(refused.Why);
            case Outcome.Failed failed:
                return verb.Refuse(failed.Why);
            case Outcome.Unknown unknown:
                return verb.Refuse(unknown.Why);
            default:
                verb.Terminal.Line("It is being executed.");
                return ExitCode.Done;
        }
    }

    /// <summary>Outside production it runs here and now; servers must know that this process is at it, or they would settle it as left behind.</summary>
    private static async Task<Outcome> Ask(Runtime runtime, string id, CancellationToken cancellationToken)
    {
        using var presence = ServerPresence.Announce(runtime.Locations.Servers, runtime.Server);
        return await runtime.Pipeline.Undo(Humans.Principal.Name, id, null, new Progress<ProviderProgress>(), cancellationToken).ConfigureAwait(false);
    }
}
