using System.CommandLine;
using System.Text.Json.Nodes;
using Humanizer;
using SafeTools.Providers;
using SafeTools.Server.Hardening;
using SafeTools.Server.Policies;
using SafeTools.Server.Secrets;
using SafeTools.Server.Serving;

namespace SafeTools.Server.Cli;

/// <summary><c>safetools check</c>: validates the files and tries the specs' examples, changing nothing. Needs no store.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var command = new Command("check", "Validate the files and try the specs' examples; changes nothing");
        command.SetAction((parsed, cancellationToken) => Check(GlobalOptions.Terminal(parsed), GlobalOptions.Locations(parsed), cancellationToken));
        return command;
    }

    private static async Task<int> Check(Terminal terminal, Locations locations, CancellationToken cancellationToken)
    {
        if (HardenedStart.CloseMemory() is { } open)
        {
            terminal.Complain(open);
            return ExitCode.Usage;
        }

        if (!File.Exists(locations.Configuration))
        {
            terminal.Complain(locations.Configuration.Length == 0 ? Locations.NoConfigurationFolder : Verb.NoConfiguration(locations.Configuration));
            return ExitCode.Usage;
        }

        var providers = ProviderRegistry.Create(TimeProvider.System, new PlacedSecrets(locations.State));
        var policy = PolicyFiles.Load(new PolicyLoader(providers), locations.Configuration, out var problems);
        if (policy is null)
        {
            foreach (var problem in problems)
            {
                Say(terminal, problem.File, problem.Line, problem.Message, terminal.Bad(problem.ToString()));
            }

            return ExitCode.Found;
        }

        if (RootAsClient(policy) is { } named)
        {
            Say(terminal, PolicySource.ConfigurationName, 1, named, terminal.Bad($"{PolicySource.ConfigurationName}: {named}"));
            return ExitCode.Found;
        }

        foreach (var unknown in policy.Principals.Values.SelectMany(principal => principal.OsUsers).Where(user => SystemUsers.Find(user) is null))
        {
            terminal.Complain($"Note: os_users names '{unknown}', whom this system does not have.");
        }

        var calls = new ProviderCalls(providers, (_, _) => { });
        var (right, wrong, skipped) = (0, 0, 0);
        var said = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tool in policy.Tools.Values.OrderBy(tool => tool.File, StringComparer.Ordinal))
        {
            foreach (var example in tool.Examples)
            {
                var came = await ExampleRun.Try(tool, example, policy, calls, cancellationToken).ConfigureAwait(false);
                if (came.Came == example.Expected)
                {
                    right++;
                    continue;
                }

                var what = came.IsUntried ? "not tried" : $"expected {example.Expected}, came {came.Came}";
                _ = came.IsUntried ? skipped++ : wrong++;
                var line = $"{tool.File}:{example.Line}: {what}";
                Say(terminal, tool.File, example.Line, what, came.IsUntried ? terminal.Faint(line) : terminal.Bad(line));
                // Most refuse for one reason, which is said once.
                if (came.Why is { } why && said.Add($"{tool.Resource.Name} {why.Code.Id} {why.Message}") && !terminal.Json)
                {
                    terminal.Line($"  {tool.Resource.Name}: {why.Code.Id} {why.Message}{(why.HumanCommand is { } command ? $" Run: {command}" : "")}");
                }
            }
        }

        if (!terminal.Json)
        {
            var summary = $"{"tool".ToQuantity(policy.Tools.Count)}, {"resource".ToQuantity(policy.Resources.Count)}, {"principal".ToQuantity(policy.Principals.Count)}. Examples: {right} right, {wrong} wrong, {skipped} not tried.";
            terminal.Line(wrong == 0 ? terminal.Good(summary) : terminal.Bad(summary));
        }

        return wrong == 0 ? ExitCode.Done : ExitCode.Found;
    }

    /// <summary>Nothing could be kept from such a client, so a socket server would not start.</summary>
    private static string? RootAsClient(Policy policy) =>
        policy.Principals.Values.SelectMany(principal => principal.OsUsers.Select(user => (principal.Name, User: user))).FirstOrDefault(one => SystemUsers.Find(one.User) == Ownership.Root) is { Name: { } principal } found
            ? $"The principal '{principal}' has the OS user '{found.User}', who is root: nothing could be kept from that client. Remove it from os_users."
            : null;

    private static void Say(Terminal terminal, string file, int line, string message, string text)
    {
        if (terminal.Json)
        {
            terminal.Write(new JsonObject { ["file"] = file, ["line"] = line, ["message"] = message });
        }
        else
        {
            terminal.Line(text);
        }
    }
}
