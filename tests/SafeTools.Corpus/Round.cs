using System.Runtime.CompilerServices;
using SafeTools.Corpus.Asking;
using SafeTools.Corpus.Credentials;
using SafeTools.Corpus.Entries;
using SafeTools.Corpus.Grounds;
using SafeTools.Corpus.Observing;

namespace SafeTools.Corpus;

/// <summary>All entries under one credential, one after the other; the stage is set anew after each that left traces.</summary>
/// <param name="start">Starts the tool against the ground as it is then.</param>
internal sealed class Round(Ground ground, IReadOnlyList<Entry> entries, Func<Credential, CancellationToken, Task<ITool>> start)
{
    public async IAsyncEnumerable<Result> Run(Credential credential, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Stage? stage = null;
        try
        {
            foreach (var entry in entries)
            {
                stage ??= await Stage.Set(ground, credential, entries, start, cancellationToken);
                if (stage.Unusable is { } broken)
                {
                    // Nothing is tried, so nothing may pass.
                    yield return new Result(entry, broken, [new Sighting(Sense.NextCall, "the tool does not answer an ordinary read")]);
                    continue;
                }

                var result = await stage.Try(entry, cancellationToken);
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
