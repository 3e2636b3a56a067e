using System.Globalization;
using System.Text.RegularExpressions;
using SafeTools.Corpus.Asking;
using SafeTools.Corpus.Entries;
using SafeTools.Corpus.Observing;

namespace SafeTools.Corpus.Judging;

/// <summary>What an answer itself gives away: what the credential must not see, in rows and in words of refusal alike, and how long it took.</summary>
internal static class AnswerWatch
{
    /// <summary>The tool's limit, and what a loaded machine may add.</summary>
    public static TimeSpan LongestAnswer { get; } = PolicyFolder.TimeLimit + TimeSpan.FromSeconds(3);

    /// <summary>Planted by setup.sql and the bystanders, or kept by PostgreSQL and the system.</summary>
    private static readonly string[] Planted =
    [
        "SCRAM-SHA-256$", "4111-CARD-", "TENANT-B-SECRET", "COMMENT-PASSWORD", "LARGE-OBJECT-SECRET", "SUBSCRIPTION-PASSWORD", BystanderWatch.Secret, "victim_secret", "password=pw", "root:x:0",
    ];

    public static IEnumerable<Sighting> Of(Entry entry, Answer answer)
    {
        if (answer.Took > LongestAnswer)
        {
            yield return new Sighting(Sense.Time, string.Create(CultureInfo.InvariantCulture, $"{answer.Took.TotalSeconds:F1} s"));
        }

        // What the statement says itself is no news.
        foreach (var word in Planted.Where(word => answer.Text.Contains(word, StringComparison.Ordinal) && !entry.Sql.Contains(word, StringComparison.Ordinal)))
        {
            yield return new Sighting(Sense.Leak, word);
        }

        if (entry.Leak is { } pattern && answer.Outcome == Answer.Executed && Regex.IsMatch(answer.Text, pattern))
        {
            yield return new Sighting(Sense.Leak, pattern);
        }
    }
}
