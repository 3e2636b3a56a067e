using System.CommandLine;

namespace SafeTools.Server.Cli;

/// <summary><c>safetools freeze|unfreeze [PRINCIPAL]</c>: stopping is free, starting again is signed.</summary>
internal static class FreezeCommands
{
    public static Command CreateFreeze()
    {
        var principal = Principal("who is stopped; everybody where nobody is named");
        var command = new Command("freeze", "Stop a principal, or everybody, at once") { principal };
        Verb.Bind(command, async (verb, cancellationToken) =>
        {
            var name = verb.Parsed.GetValue(principal) ?? Freezes.All;
            if (await Unknown(verb, name, cancellationToken).ConfigureAwait(false))
            {
                return ExitCode.Usage;
            }

            await verb.Runtime.Store.Freeze(name, cancellationToken).ConfigureAwait(false);
            verb.Terminal.Line($"{Who(name)} frozen. An approver lifts it with: safetools unfreeze{(name == Freezes.All ? "" : " " + name)}");
            return ExitCode.Done;
        });
        return command;
    }

    public static Command CreateUnfreeze()
    {
        var principal = Principal("whose freeze is lifted; everybody's where nobody is named");
        var signerName = new Option<string?>("--as") { Description = "the approver who signs, where several have keys here", HelpName = "NAME" };
        var command = new Command("unfreeze", "Lift a freeze, with an approver's signature") { principal, signerName };
        Verb.Bind(command, async (verb, cancellationToken) =>
        {
            var name = verb.Parsed.GetValue(principal) ?? Freezes.All;
            var standing = await verb.Runtime.Catalog.Standing(cancellationToken).ConfigureAwait(false);
            if (name == Freezes.All ? !standing.Freezes.Everybody : !standing.Freezes.Principals.Contains(name))
            {
                var others = standing.Freezes.Principals.Select(other => other == Freezes.All ? "everybody (safetools unfreeze)" : $"{other} (safetools unfreeze {other})").ToArray();
                verb.Terminal.Line($"No freeze of {(name == Freezes.All ? "everybody" : VisibleText.Line(name, 64))} stands.{(others.Length == 0 ? "" : $" Frozen: {string.Join(", ", others)}.")}");
                return ExitCode.Done;
            }

            using var signer = Signer.Unlock(verb.Terminal, verb.Runtime.Locations.Keys, standing.Policy.Approvers.Where(approver => approver.ApprovesEverything), verb.Parsed.GetValue(signerName));
            if (signer is null)
            {
                return ExitCode.Refused;
            }

            if (await Signing.Unfreeze(verb.Runtime, name, signer, cancellationToken).ConfigureAwait(false) is { } refusal)
            {
                return verb.Refuse(refusal);
            }

            verb.Terminal.Line(verb.Terminal.Good($"The freeze of {(name == Freezes.All ? "everybody" : VisibleText.Line(name, 64))} is lifted."));
            return ExitCode.Done;
        });
        return command;
    }

    private static Argument<string?> Principal(string description) => new("principal") { Description = description, Arity = ArgumentArity.ZeroOrOne };

    private static string Who(string name) => name == Freezes.All ? "Everybody is" : $"{VisibleText.Line(name, 64)} is";

    /// <summary>A typing error must not look like a freeze.</summary>
    private static async Task<bool> Unknown(Verb verb, string name, CancellationToken cancellationToken)
    {
        if (name == Freezes.All)
        {
            return false;
        }

        var standing = await verb.Runtime.Catalog.Standing(cancellationToken).ConfigureAwait(false);
        if (standing.Policy.Principals.ContainsKey(name))
        {
            return false;
        }

        verb.Terminal.Complain($"There is no principal '{VisibleText.Line(name, 64)}'. There are: {string.Join(", ", standing.Policy.Principals.Keys.Order(StringComparer.Ordinal))}.");
        return true;
    }
}
