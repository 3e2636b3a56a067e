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

    public static bool NamesNoStore(ParseResult parsed) => parsed.GetValue(Config) is null && parsed.GetValue(State) is null;

    public static Terminal Terminal(ParseResult parsed) => Cli.Terminal.Console(parsed.GetValue(Json));
}
