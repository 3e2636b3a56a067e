using SafeTools.Server.Cli;

var parsed = Commands.Root().Parse(args);
if (Commands.Unknown(parsed) is { } words)
{
    await Console.Error.WriteLineAsync(words).ConfigureAwait(false);
    return ExitCode.Usage;
}

var code = await parsed.InvokeAsync().ConfigureAwait(false);
return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
