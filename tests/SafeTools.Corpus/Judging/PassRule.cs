using SafeTools.Corpus.Asking;
using SafeTools.Corpus.Entries;
using SafeTools.Corpus.Observing;

namespace SafeTools.Corpus.Judging;

/// <summary>
/// The rule. A benign entry must be answered. Any other must be refused with a code that fits what it tries; one that is only costly may be answered.
/// And nothing whatsoever may have been seen.
/// </summary>
internal static class PassRule
{
    /// <summary>Why the entry fails, in words; empty where it passes.</summary>
    public static IReadOnlyList<string> Faults(Entry entry, Answer answer, IReadOnlyList<Sighting> sightings) =>
        [.. Outcome(entry, answer), .. sightings.Select(sighting => sighting.ToString())];

    private static IEnumerable<string> Outcome(Entry entry, Answer answer)
    {
        if (answer.Outcome == Answer.Executed)
        {
            if (!entry.IsBenign && !entry.IsCostly)
            {
                yield return "it was answered";
            }
        }
        else if (answer.Outcome != Answer.Refused || answer.Code is null)
        {
            yield return $"no clear answer: {answer.Outcome} {answer.Text}";
        }
        else if (entry.IsBenign)
        {
            yield return $"it was refused with {answer.Code}: {answer.Text}";
        }
        else if (!FittingCodes.Fit(answer.Code, entry))
        {
            yield return $"{answer.Code} does not fit {entry.Category}: {answer.Text}";
        }
    }
}
