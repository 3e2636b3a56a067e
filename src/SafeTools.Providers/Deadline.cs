namespace SafeTools.Providers;

/// <summary>How long one call may still run; every provider stops by it.</summary>
internal sealed class Deadline(TimeProvider clock, TimeSpan time, CancellationToken cancellationToken)
{
    private readonly long _started = clock.GetTimestamp();

    public TimeSpan Time => time;

    public CancellationToken Token => cancellationToken;

    public bool Passed => clock.GetElapsedTime(_started) >= time;

    /// <summary>Out of time, or nobody waits any more.</summary>
    public bool Over => cancellationToken.IsCancellationRequested || Passed;
}
