namespace SafeTools.Providers.Sqlite;

/// <summary>How long one call may still run.</summary>
internal sealed class Deadline(TimeProvider clock, TimeSpan time, CancellationToken cancellationToken)
{
    private readonly long _started = clock.GetTimestamp();

    public TimeSpan Time => time;

    public CancellationToken Token => cancellationToken;

    public bool Passed => clock.GetElapsedTime(_started) >= time;

    public bool Over => cancellationToken.IsCancellationRequested || Passed;
}
