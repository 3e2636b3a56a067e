using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using SafeTools.Corpus.Asking;
using SafeTools.Corpus.Credentials;
using SafeTools.Corpus.Entries;
using SafeTools.Corpus.Grounds;
using SafeTools.Corpus.Reporting;
using SafeTools.Corpus.SelfTesting;
using SafeTools.Providers.Postgres;

namespace SafeTools.Corpus;

/// <summary>Runs a corpus against the real server and real databases. Exits 0 only when something ran and nothing failed.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] words)
    {
        if (Arguments.Parse(words) is not { } arguments)
        {
            await Console.Error.WriteLineAsync(Arguments.Usage);
            return 2;
        }

        // The provider turns it off for itself; the observers' own statements come first.
        AppContext.SetSwitch("Npgsql.EnableSqlRewriting", false);
        using var interrupted = new CancellationTokenSource();
        Console.CancelKeyPress += (_, key) => interrupted.Cancel(key.Cancel = true);
        var (passed, failed) = (0, 0);
        try
        {
            (passed, failed) = await Run(arguments, interrupted.Token);
        }
        catch (Exception fault)
        {
            Console.WriteLine($"The runner came to an end: {fault}");
            failed++;
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{passed} passed, {failed} failed"));
        return passed > 0 && failed == 0 ? 0 : 1;
    }

    private static async Task<(int Passed, int Failed)> Run(Arguments arguments, CancellationToken cancellationToken)
    {
        var entries = arguments.File is { } file ? EntryFile.Read(file) : [];
        await using var ground = await Ground.Make(arguments.Scripts, cancellationToken);
        var (right, blind) = await new SelfTest(ground, entries).Run(cancellationToken);
        Console.WriteLine($"observers: {right} known effects and harmless reads told apart, {blind.Count} not");
        foreach (var line in blind)
        {
            Console.WriteLine($"FAILED observers: {line}");
        }

        if (arguments.File is null)
        {
            return (right, blind.Count);
        }

        var chosen = entries.Where(entry => arguments.Only is null || Regex.IsMatch(entry.Id, arguments.Only)).ToArray();
        var (passed, failed) = (0, blind.Count);
        var ended = new List<(Trial Trial, IReadOnlyList<Result> Results)>();
        var trials = (arguments.Layers ? Trial.OfLayers : Trial.OfCredentials).Where(trial => arguments.Credential is null || trial.Credential.Name == arguments.Credential);
        foreach (var trial in trials)
        {
            var began = Stopwatch.GetTimestamp();
            var results = new List<Result>();
            await foreach (var result in new Round(ground, chosen, Start).Run(trial, cancellationToken))
            {
                results.Add(result);
                if (!result.Passed)
                {
                    Console.WriteLine(Report.Failure(trial, result));
                }
            }

            Console.WriteLine(string.Join('\n', Report.Table(trial, results, Stopwatch.GetElapsedTime(began))));
            ended.Add((trial, results));
            (passed, failed) = (passed + results.Count(result => result.Passed), failed + results.Count(result => !result.Passed));
        }

        Console.WriteLine(string.Join('\n', Report.Summary(ended)));
        return (passed, failed);

        async Task<ITool> Start(Trial trial, CancellationToken cancelled) =>
            trial.Without is { } removal ? await EmbeddedServer.Start(ground, trial.Credential, removal.Before(trial.Credential), cancelled)
            : trial.Credential.Attested ? await PublishedServer.Start(arguments.Program!, ground, trial.Credential, cancelled)
            : await EmbeddedServer.Start(ground, trial.Credential, Layers.All with { Attestation = false }, cancelled);
    }
}
