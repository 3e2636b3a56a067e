using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using SafeTools.Corpus.Asking;
using SafeTools.Corpus.Credentials;
using SafeTools.Corpus.Entries;
using SafeTools.Corpus.Grounds;
using SafeTools.Corpus.Reporting;
using SafeTools.Corpus.SelfTesting;

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

        if (arguments.Program is not { } program)
        {
            return (right, blind.Count);
        }

        var chosen = entries.Where(entry => arguments.Only is null || Regex.IsMatch(entry.Id, arguments.Only)).ToArray();
        var (passed, failed) = (0, blind.Count);
        foreach (var credential in Credential.All.Where(credential => arguments.Credential is null || credential.Name == arguments.Credential))
        {
            var began = Stopwatch.GetTimestamp();
            var results = new List<Result>();
            await foreach (var result in new Round(ground, chosen, Start).Run(credential, cancellationToken))
            {
                results.Add(result);
                if (!result.Passed)
                {
                    Console.WriteLine(Report.Failure(credential, result));
                }
            }

            Console.WriteLine(string.Join('\n', Report.Table(credential, results, Stopwatch.GetElapsedTime(began))));
            (passed, failed) = (passed + results.Count(result => result.Passed), failed + results.Count(result => !result.Passed));
        }

        return (passed, failed);

        async Task<ITool> Start(Credential credential, CancellationToken cancelled) => credential.Attested
            ? await PublishedServer.Start(program, ground, credential, cancelled)
            : await EmbeddedServer.Start(ground, credential, cancelled);
    }
}
