using System.CommandLine;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SafeTools.Server.Keys;

namespace SafeTools.Server.Cli;

/// <summary><c>safetools approvers list|enroll|remove</c>: keys and names. All of it takes effect by <c>safetools accept</c> alone.</summary>
internal static class ApproversCommand
{
    public static Command Create()
    {
        var list = new Command("list", "Who may approve what, as accepted");
        Verb.Bind(list, List);

        var name = new Argument<string>("name") { Description = "the person's name" };
        var approves = new Option<string[]>("--approves") { Description = "what the key may approve, TOOL@ENVIRONMENT; *@* where nothing is said", HelpName = "PATTERN", AllowMultipleArgumentsPerToken = true };
        var enroll = new Command("enroll", "Make a key locked by a passphrase, and name it in safetools.yaml") { name, approves };
        Verb.Bind(enroll, (verb, _) => Task.FromResult(Enroll(verb, verb.Parsed.GetRequiredValue(name), verb.Parsed.GetValue(approves) ?? [])));

        var gone = new Argument<string>("name") { Description = "the person's name" };
        var remove = new Command("remove", "Take a person out of safetools.yaml") { gone };
        Verb.Bind(remove, (verb, _) => Task.FromResult(Remove(verb, verb.Parsed.GetRequiredValue(gone))));

        return new Command("approvers", "Who may approve: a change of policy, which takes effect by accept") { list, enroll, remove };
    }

    private static async Task<int> List(Verb verb, CancellationToken cancellationToken)
    {
        var chain = await verb.Runtime.Store.Policies(cancellationToken).ConfigureAwait(false);
        var accepted = chain.Count == 0 ? [] : PolicyDocument.Approvers(chain[^1].Document);
        var here = KeyFolder.Read(verb.Runtime.Locations.Keys).Select(key => key.PublicKey).ToHashSet();
        foreach (var approver in accepted)
        {
            Show(verb, approver, "accepted", here);
        }

        foreach (var approver in verb.Runtime.Files?.Approvers.Where(approver => accepted.All(known => known.Key != approver.Key)) ?? [])
        {
            Show(verb, approver, "waits for accept", here);
        }

        if (accepted.Count == 0 && !verb.Terminal.Json)
        {
            verb.Terminal.Line("No policy is accepted yet. First: safetools approvers enroll NAME, then safetools accept");
        }

        return ExitCode.Done;
    }

    private static void Show(Verb verb, Approver approver, string state, HashSet<P256PublicKey> here)
    {
        if (verb.Terminal.Json)
        {
            verb.Terminal.Write(new JsonObject
            {
                ["name"] = approver.Name,
                ["key"] = approver.Key.Text,
                ["approves"] = JsonValues.Array(approver.Approves),
                ["state"] = state,
                ["key_here"] = here.Contains(approver.Key),
            });
        }
        else
        {
            verb.Terminal.Line($"{approver.Name,-16} {string.Join(", ", approver.Approves),-24} {state}{(here.Contains(approver.Key) ? ", key on this machine" : "")}");
        }
    }

    private static int Enroll(Verb verb, string name, string[] approves)
    {
        var terminal = verb.Terminal;
        string[] patterns = approves.Length == 0 ? [Approver.Everything] : approves;
        if (!Regex.IsMatch(name, @"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z", RegexOptions.NonBacktracking) || !patterns.All(Approver.IsPattern))
        {
            terminal.Complain("A name has letters, digits, dot, dash and _; a pattern is TOOL@ENVIRONMENT, each part a name or *.");
            return ExitCode.Usage;
        }

        var (keys, configuration) = (verb.Runtime.Locations.Keys, verb.Runtime.Locations.Configuration);
        if (KeyFolder.Holds(keys, name))
        {
            terminal.Complain(Taken(name));
            return ExitCode.Found;
        }

        if (ApproverLines.Unwritable(configuration) is { } fault)
        {
            terminal.Complain(fault);
            return ExitCode.Usage;
        }

        if (NewPassphrase(terminal) is not { } passphrase)
        {
            return ExitCode.Refused;
        }

        var key = LockedKey.Create(name, passphrase);
        Array.Clear(passphrase);
        if (!KeyFolder.Add(keys, key))
        {
            terminal.Complain(Taken(name));
            return ExitCode.Found;
        }

        var approver = new Approver(name, key.PublicKey, patterns);
        bool named;
        try
        {
            named = ApproverLines.Add(configuration, approver);
        }
        catch
        {
            // A key that nothing names would only stand in the way of the next try.
            KeyFolder.Remove(keys, name);
            throw;
        }

        if (named)
        {
            terminal.Line($"{name} stands in safetools.yaml now. It takes effect when this is signed: safetools accept");
        }
        else
        {
            terminal.Line("Add this line under 'approvers:' in safetools.yaml, then run safetools accept:");
            terminal.Line(ApproverLines.Line(approver));
        }

        return ExitCode.Done;
    }

    private static string Taken(string name) => $"{name} has a key here already; keys are never overwritten.";

    private static char[]? NewPassphrase(Terminal terminal)
    {
        var first = terminal.Passphrase($"A passphrase of at least {LockedKey.ShortestPassphrase} characters for the new key:");
        if (first is null)
        {
            terminal.Complain($"{terminal.NoPassphrase} No key was made.");
            return null;
        }

        if (first.Length < LockedKey.ShortestPassphrase)
        {
            terminal.Complain("Too short. No key was made.");
            return null;
        }

        var second = terminal.Passphrase("The same again:");
        if (second is not null && first.AsSpan().SequenceEqual(second))
        {
            return first;
        }

        terminal.Complain(second is null ? $"{terminal.NoPassphrase} No key was made." : "The two differ. No key was made.");
        return null;
    }

    private static int Remove(Verb verb, string name)
    {
        if (!ApproverLines.Remove(verb.Runtime.Locations.Configuration, name))
        {
            verb.Terminal.Complain($"'{VisibleText.Line(name, 64)}' could not be taken out of safetools.yaml; take the entry under 'approvers:' out by hand.");
            return ExitCode.Found;
        }

        verb.Terminal.Line($"{name} is out of safetools.yaml. It takes effect when this is signed: safetools accept");
        return ExitCode.Done;
    }
}
