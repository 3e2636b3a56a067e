using System.CommandLine;
using SafeTools.Server.Demo;

namespace SafeTools.Server.Cli;

/// <summary>The whole command line.</summary>
internal static class Commands
{
    public static RootCommand Root() => new("SafeTools gives agents narrow, labelled infrastructure tools; what cannot be taken back waits for a human.")
    {
        GlobalOptions.Config,
        GlobalOptions.State,
        GlobalOptions.Json,
        ServeCommand.Create(),
        ConnectCommand.Create(),
        DemoCommand.Create(),
        InitCommand.Create(),
        CheckCommand.Create(),
        DoctorCommand.Create(),
        AcceptCommand.Create(),
        ApproversCommand.Create(),
        SecretsCommand.Create(),
        ProposalsCommand.Create(),
        AuditCommand.Create(),
        UndoCommand.Create(),
        FreezeCommands.CreateFreeze(),
        FreezeCommands.CreateUnfreeze(),
    };

    /// <summary>What to say where a word stands in a command's place and is none; null elsewhere.</summary>
    public static string? Unknown(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        return parsed.Errors.Count > 0 && parsed.UnmatchedTokens is [var word, ..] && command.Subcommands.Count > 0
            ? $"'{VisibleText.Line(word, 64)}' is no command. After '{command.Name}' stands one of: {string.Join(", ", command.Subcommands.Select(known => known.Name))}."
            : null;
    }
}
