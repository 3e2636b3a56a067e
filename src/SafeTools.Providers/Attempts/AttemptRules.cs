namespace SafeTools.Providers;

/// <summary>
/// How often a credential is tried, so that no server locks a role, and no guard bans an address, because somebody asked what is wrong. Pure.
/// </summary>
internal static class AttemptRules
{
    /// <summary>After a failure.</summary>
    public static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(1);

    /// <summary>After one that was let in, or that reached nobody.</summary>
    public static readonly TimeSpan AfterOther = TimeSpan.FromSeconds(10);

    /// <summary>Failures in <see cref="Window"/>.</summary>
    public const int MostFailures = 5;

    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>An attempt takes no longer; what is open longer was left by a process that died.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <param name="aside">One that only helps to explain another credential: after one that was let in, it need not wait, and its answer is nobody's.</param>
    public static AttemptTurn Rule(AttemptRecord? record, string stamp, bool aside, DateTimeOffset now)
    {
        if (record is null)
            return new AttemptTurn.Try(null);
        var again = Again(record, aside);
        // A clock that went back makes it wait: who counts by time must not count less for that.
        if (now >= again && now >= record.Last)
            return new AttemptTurn.Try(record);
        return !aside && record.Stamp == stamp && record.Answer is { } answer
            ? new AttemptTurn.Remembered(answer, record.Last, again)
            : new AttemptTurn.Wait(again, record.End == AttemptEnd.Open && now < record.Last + Longest);
    }

    /// <summary>The record while the attempt runs.</summary>
    public static AttemptRecord Begun(AttemptRecord? before, string stamp, DateTimeOffset now) =>
        new([.. Recent(before, now), now], now, AttemptEnd.Open, stamp, null);

    /// <summary>The record after it.</summary>
    public static AttemptRecord Ended(AttemptRecord begun, AttemptEnd end, string? answer) => begun with
    {
        Failures = end switch
        {
            AttemptEnd.LetIn or AttemptEnd.NotReached => [.. begun.Failures.Where(time => time != begun.Last)],
            AttemptEnd.Open or AttemptEnd.Refused => begun.Failures,
        },
        End = end,
        Answer = answer,
    };

    private static DateTimeOffset Again(AttemptRecord record, bool aside)
    {
        var next = record.End switch
        {
            AttemptEnd.LetIn when aside => record.Last,
            AttemptEnd.LetIn or AttemptEnd.NotReached => record.Last + AfterOther,
            AttemptEnd.Open or AttemptEnd.Refused => record.Last + AfterFailure,
        };
        var full = record.Failures.Count < MostFailures ? record.Last : record.Failures[^MostFailures] + Window;
        return full > next ? full : next;
    }

    private static IEnumerable<DateTimeOffset> Recent(AttemptRecord? record, DateTimeOffset now) => (record?.Failures ?? []).Where(time => time > now - Window).TakeLast(MostFailures);
}
