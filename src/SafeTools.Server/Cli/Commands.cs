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
        CheckCommand.Create(),
        AcceptCommand.Create(),
        ApproversCommand.Create(),
        ProposalsCommand.Create(),
        AuditCommand.Create(),
        UndoCommand.Create(),
        FreezeCommands.CreateFreeze(),
        FreezeCommands.CreateUnfreeze(),
    };
}
