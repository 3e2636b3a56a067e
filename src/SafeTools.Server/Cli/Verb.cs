using System.CommandLine;
using SafeTools.Server.Hardening;
using SafeTools.Server.Serving;
using SafeTools.Server.State;

namespace SafeTools.Server.Cli;

/// <summary>What a verb works with, and what all verbs do alike: open the store, say what went wrong, choose the exit code.</summary>
internal sealed record Verb(Terminal Terminal, Runtime Runtime, ParseResult Parsed)
{
    /// <summary>Makes <paramref name="work"/> the command's action.</summary>
    /// <param name="action">The id of an action that the command is about: where no option says which store is meant, the one that holds it is.</param>
    /// <param name="needsStore">Looks at what happened: a store that it made itself would answer that nothing ever did.</param>
    /// <param name="first">Done when the locations are known to be usable, before the store is opened.</param>
    public static void Bind(
        Command command, Func<Verb, CancellationToken, Task<int>> work, Func<ParseResult, string?>? action = null, bool needsStore = false, Func<ParseResult, CancellationToken, Task>? first = null) =>
        command.SetAction((parsed, cancellationToken) => Run(parsed, work, action?.Invoke(parsed), needsStore, first, cancellationToken));

    /// <summary>What to say where the configuration is missing.</summary>
    public static string NoConfiguration(string path) =>
        Directory.Exists(path) ? $"{path} is a folder. --config names the file in it, such as {Path.Combine(path, PolicySource.ConfigurationName)}."
        : MayNotLook(path) ? $"This user may not look at {path}. Make it readable, or name another one with --config."
        : $"There is no {path}. Name one with --config, or see README for a first one.";

    private static bool MayNotLook(string path)
    {
        try
        {
            _ = File.GetAttributes(path);
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task<int> Run(ParseResult parsed, Func<Verb, CancellationToken, Task<int>> work, string? actionId, bool needsStore, Func<ParseResult, CancellationToken, Task>? first, CancellationToken cancellationToken)
    {
        var terminal = GlobalOptions.Terminal(parsed);
        if (HardenedStart.CloseMemory() is { } open)
        {
            terminal.Complain(open);
            return ExitCode.Usage;
        }

        var locations = GlobalOptions.Locations(parsed);
        if (actionId is not null && GlobalOptions.NamesNoStore(parsed))
        {
            locations = await StoreSearch.Find(actionId, cancellationToken).ConfigureAwait(false) ?? locations;
        }

        if (locations.Fault is { } fault)
        {
            terminal.Complain(fault);
            return ExitCode.Usage;
        }

        // Whoever deletes the files must not keep anybody from serving, freezing or looking at what was accepted.
        if (Directory.Exists(locations.Configuration) || (!File.Exists(locations.Configuration) && !Directory.Exists(locations.State)))
        {
            terminal.Complain(NoConfiguration(locations.Configuration));
            return ExitCode.Usage;
        }

        if (needsStore && !File.Exists(Path.Combine(locations.State, StoreFolder.FileName)))
        {
            terminal.Complain($"There is no store in {locations.State}. The first enroll, accept, freeze or serve makes one; if there was one, it is gone.");
            return ExitCode.Usage;
        }

        if (first is not null)
        {
            await first(parsed, cancellationToken).ConfigureAwait(false);
        }

        try
        {
            var runtime = await Runtime.Open(locations, TimeProvider.System, terminal.Report, cancellationToken).ConfigureAwait(false);
            await using var _ = runtime.ConfigureAwait(false);
            return await work(new Verb(terminal, runtime, parsed), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            terminal.Complain($"A file could not be read or written: {unreadable.Message}");
            return ExitCode.Usage;
        }
        catch (SecretsException outage)
        {
            terminal.Complain(outage.Message);
            return ExitCode.Usage;
        }
        catch (StoreException refused)
        {
            return terminal.Refuse(refused.Refusal, refused.Advice);
        }
    }

    public int Refuse(Refusal why) => Terminal.Refuse(why);

    /// <summary>Shows the faults of the files.</summary>
    public int ShowProblems()
    {
        foreach (var problem in Runtime.FileProblems)
        {
            Terminal.Complain(problem.ToString());
        }

        return ExitCode.Usage;
    }
}
