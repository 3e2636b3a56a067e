namespace SafeTools.Tests.Providers.Postgres.Rotation;

/// <summary>The system's clock, ahead by as much as a test says: a server that really runs must find its times plausible.</summary>
internal sealed class MovedClock : TimeProvider
{
    private long _ahead;

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ahead, time.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));
}
