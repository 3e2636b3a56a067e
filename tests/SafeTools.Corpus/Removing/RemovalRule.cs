using SafeTools.Corpus.Asking;
using SafeTools.Corpus.Entries;
using SafeTools.Corpus.Judging;
using SafeTools.Corpus.Observing;

namespace SafeTools.Corpus.Removing;

/// <summary>
/// The rule where a layer is gone: nothing whatsoever may have been seen but what the layer alone prevents, and what is said must be an answer, or a refusal
/// for what the statement is. Which of them is left open, because another layer than usual decides. A benign entry must be answered still: a tool that does
/// nothing stops everything.
/// </summary>
internal static class RemovalRule
{
    /// <summary>Why the entry fails, in words; empty where it passes.</summary>
    public static IReadOnlyList<string> Faults(Removal removal, Entry entry, Answer answer, IReadOnlyList<Sighting> sightings) =>
        [.. Outcome(entry, answer), .. sightings.Where(sighting => !removal.Bears(sighting)).Select(sighting => sighting.ToString())];

    private static IEnumerable<string> Outcome(Entry entry, Answer answer)
    {
        if (answer.Outcome == Answer.Executed)
        {
            yield break;
        }

        if (answer.Outcome != Answer.Refused || answer.Code is null)
        {
            yield return $"no clear answer: {answer.Outcome} {answer.Text}";
        }
        else if (entry.IsBenign)
        {
            yield return $"it was refused with {answer.Code}: {answer.Text}";
        }
        else if (!FittingCodes.AreOfAStatement(answer.Code))
        {
            yield return $"{answer.Code} hides whether it was tried: {answer.Text}";
        }
    }
}
