namespace SafeTools.Providers;

/// <summary>Whether a credential may be tried now.</summary>
internal abstract record AttemptTurn
{
    private AttemptTurn()
    {
    }

    /// <summary>It may, once; that is written down already, as a failure until its end is told.</summary>
    /// <param name="Before">What was remembered before.</param>
    public sealed record Try(AttemptRecord? Before) : AttemptTurn;

    /// <summary>The same was looked at so recently that the answer of then is the answer.</summary>
    /// <param name="Again">When it may be tried again.</param>
    public sealed record Remembered(string Answer, DateTimeOffset Taken, DateTimeOffset Again) : AttemptTurn;

    /// <summary>Not before <paramref name="Again"/>.</summary>
    /// <param name="UnderWay">Somebody else is at it.</param>
    public sealed record Wait(DateTimeOffset Again, bool UnderWay) : AttemptTurn;

    /// <summary>Nobody knows how often it was tried, so it is not tried.</summary>
    public sealed record Uncounted : AttemptTurn;
}
