using System.Text.RegularExpressions;
using SafeTools.Server.Serving;

namespace SafeTools.Server.Mcp;

/// <summary>Commands that an agent passes on to a human: as they must be typed, from any folder, to reach this very store.</summary>
internal sealed class HumanCommands(Locations locations)
{
    /// <summary>About one action, which the id finds among the user's stores; a store elsewhere is named.</summary>
    public string ForAction(string command) => locations.IsAmongTheUsers ? command : With(command, "--state", locations.State);

    /// <summary>About the policy: what the command line would not look at by itself is named.</summary>
    public string ForPolicy(string command)
    {
        var (configured, kept) = (Locations.Standard, Locations.Resolve(locations.Configuration, state: null));
        command = locations.Configuration == configured ? command : With(command, "--config", locations.Configuration);
        return locations.State == kept.State ? command : With(command, "--state", locations.State);
    }

    private static string With(string command, string option, string path) => $"{command} {option} {Quoted(path)}";

    /// <summary>One word for a shell (POSIX 2.2.2).</summary>
    private static string Quoted(string path) =>
        Regex.IsMatch(path, @"\A[A-Za-z0-9_@%+=:,./-]+\z", RegexOptions.NonBacktracking) ? path : $"'{path.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
