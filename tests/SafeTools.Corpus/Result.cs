using SafeTools.Corpus.Asking;
using SafeTools.Corpus.Entries;
using SafeTools.Corpus.Judging;
using SafeTools.Corpus.Observing;

namespace SafeTools.Corpus;

/// <summary>One entry under one credential.</summary>
internal sealed record Result(Entry Entry, Answer Answer, IReadOnlyList<Sighting> Sightings)
{
    public IReadOnlyList<string> Faults { get; init; } = PassRule.Faults(Entry, Answer, Sightings);

    public bool Passed => Faults.Count == 0;

    /// <summary>What comes next must not stand on it.</summary>
    public bool LeavesTraces => Sightings.Count > 0 || Answer.Outcome == Answer.Silence;
}
