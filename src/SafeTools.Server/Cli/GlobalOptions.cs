using System.CommandLine;
using SafeTools.Server.Serving;

namespace SafeTools.Server.Cli;

/// <summary>Options that every verb takes.</summary>
internal static class GlobalOptions
{
    public static Option<string?> Config { get; } = new("--config")
    {
        Description = "safetools.yaml; else $SAFETOOLS_CONFIG, ./safetools.yaml, or the user's configuration folder",
        HelpName = "FILE",
        Recursive = true,
    };

    public static Option<string?> State { get; } = new("--state")
    {
        Description = "the state folder; else one of its own for this configuration in the user's state folder",
        HelpName = "FOLDER",
        Recursive = true,
    };

    public static Option<bool> Json { get; } = new("--json") { Description = "print JSON for machines", Recursive = true };

    public static Locations Locations(ParseResult parsed) => Serving.Locations.Resolve(parsed.GetValue(Config), parsed.GetValue(State));

    /// <summary>The same options again, for a command that somebody else is to type; values that a shell could misread are quoted.</summary>
    public static string Repeat(ParseResult parsed) => One("--config", parsed.GetValue(Config)) + One("--state", parsed.GetValue(State));

    private static string One(string name, string? value) => value is null
        ? ""
        : $" {name} {(value.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_') ? value : $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'")}";

    public static Terminal Terminal(ParseResult parsed) => Cli.Terminal.Console(parsed.GetValue(Json));
}
