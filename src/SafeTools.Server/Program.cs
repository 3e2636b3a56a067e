using System.CommandLine;
using SafeTools.Server.Cli;

var parsed = Commands.Root().Parse(args);
if (Commands.Unknown(parsed) is { } words)
{
    await Console.Error.WriteLineAsync(words).ConfigureAwait(false);
    return ExitCode.Usage;
}

// A server that is asked to stop ends what it works on first; other verbs have nothing to wait for.
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = ServeHttp.Asked(parsed) ? ServeHttp.LongestEnd : TimeSpan.FromSeconds(2) };
var code = await parsed.InvokeAsync(invocation).ConfigureAwait(false);
return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
