using SafeTools.Server.Cli;

var parsed = Commands.Root().Parse(args);
var code = await parsed.InvokeAsync().ConfigureAwait(false);
return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
