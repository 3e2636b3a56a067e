using System.Runtime.CompilerServices;
using SafeTools.Corpus.Asking;
using SafeTools.Corpus.Entries;
using SafeTools.Corpus.Grounds;
using SafeTools.Corpus.Observing;

namespace SafeTools.Corpus;

/// <summary>All entries of one trial, one after the other; the stage is set anew after each that left traces.</summary>
/// <param name="start">Starts the tool against the ground as it is then.</param>
internal sealed class Round(Ground ground, IReadOnlyList<Entry> entries, Func<Trial, CancellationToken, Task<ITool>> start)
{
    public async IAsyncEnumerable<Result> Run(Trial trial, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Stage? stage = null;
        try
        {
            foreach (var entry in trial.Of(entries))
            {
                stage ??= await Stage.Set(ground, trial.Credential, entries, cancelled => start(trial, cancelled), cancellationToken);
                if (stage.Unusable is { } broken)
                {
                    // Nothing is tried, so nothing may pass.
                    yield return trial.Judged(new Result(entry, broken, [new Sighting(Sense.NextCall, "the tool does not answer an ordinary read")]));
                    continue;
                }

                var result = trial.Judged(await stage.Try(entry, cancellationToken));
                yield return result;
                if (result.LeavesTraces)
                {
                    await stage.DisposeAsync();
                    stage = null;
                }
            }
        }
        finally
        {
            if (stage is not null)
            {
                await stage.DisposeAsync();
            }
        }
    }
}
