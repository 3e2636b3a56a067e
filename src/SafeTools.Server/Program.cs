using System.CommandLine;
using SafeTools.Server.Cli;
using SafeTools.Server.Demo;

var root = new RootCommand("SafeTools gives agents narrow, labelled infrastructure tools; what cannot be taken back waits for a human.")
{
    GlobalOptions.Config,
    GlobalOptions.State,
    GlobalOptions.Json,
    ServeCommand.Create(),
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
var parsed = root.Parse(args);
var code = await parsed.InvokeAsync().ConfigureAwait(false);
return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
