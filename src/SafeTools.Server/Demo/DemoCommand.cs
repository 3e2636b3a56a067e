using System.CommandLine;
using System.Security.Cryptography;
using SafeTools.Server.Cli;
using SafeTools.Server.Serving;

namespace SafeTools.Server.Demo;

/// <summary><c>safetools demo</c>: the incident replayed in a sandbox of its own. Touches nothing else and leaves nothing behind.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var script = new Option<bool>("--script") { Description = "ask nobody: the sandbox's throwaway key signs (also where there is no terminal)" };
        var command = new Command("demo", "The incident of 24 April 2026, replayed in a sandbox") { script };
        command.SetAction((parsed, cancellationToken) => Run(GlobalOptions.Terminal(parsed), parsed.GetValue(script), cancellationToken));
        return command;
    }

    private static async Task<int> Run(Terminal terminal, bool script, CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows() || OperatingSystem.IsMacOS())
        {
            terminal.Complain("The demo's volumes need Linux for now. Everything else of SafeTools runs here.");
            return ExitCode.Usage;
        }

        using var sandbox = Sandbox.Create();
        using var signer = Enrol(sandbox);
        var human = await Runtime.Open(sandbox.Locations, TimeProvider.System, terminal.Report, cancellationToken).ConfigureAwait(false);
        await using var _ = human.ConfigureAwait(false);
        if (await Signing.Accept(human, PolicyDocument.Of(human.Files!), signer, cancellationToken).ConfigureAwait(false) is { } refusal)
        {
            terminal.Complain(refusal.ToString());
            return ExitCode.Refused;
        }

        terminal.Line(terminal.Strong("SafeTools: nine seconds, replayed"));
        terminal.Line("On 24 April 2026 an agent deleted a production volume, and the backups inside it, with one API call.");
        terminal.Line("Here is the same ground in a sandbox, and the same agent with SafeTools between it and the ground.");
        var agent = await AgentSession.Connect(sandbox.Locations, _ => { }, cancellationToken).ConfigureAwait(false);
        await using var __ = agent.ConfigureAwait(false);
        var asks = terminal.Interactive && !script;
        var story = new Story(sandbox, human, signer, agent, new Narrator(terminal), name => !asks || terminal.Ask($"   Your turn. Type {name} to confirm the deletion:") == name);
        var kept = await story.Tell(cancellationToken).ConfigureAwait(false);
        terminal.Line();
        terminal.Line(kept ? terminal.Good("Nothing was lost. Next: README, \"Your first policy\".") : terminal.Bad("A promise was broken; please report this."));
        return kept ? ExitCode.Done : ExitCode.Found;
    }

    /// <summary>The human of the demo: a throwaway key that is the first approver of the sandbox's policy.</summary>
    private static Signer Enrol(Sandbox sandbox)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var dana = new Approver("dana", P256PublicKey.Of(key), [Approver.Everything]);
        ApproverLines.Add(sandbox.Locations.Configuration, dana);
        return new Signer(dana, key);
    }
}
