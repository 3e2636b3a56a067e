namespace SafeTools.Providers.LocalVolume;

/// <summary>When a call has taken as long as its limits allow.</summary>
internal sealed class Deadline(TimeProvider clock, TimeSpan limit)
{
    private readonly long _begun = clock.GetTimestamp();

    public bool Passed => clock.GetElapsedTime(_begun) > limit;
}
