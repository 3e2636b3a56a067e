namespace SafeTools;

/// <summary>What reading a whole chain found.</summary>
/// <param name="Entries">How many there are.</param>
/// <param name="Fault">The first one, or null; entries after it were only counted.</param>
/// <param name="Anchored">The newest entry whose hash a verified signature names: it and all before it are what an approver's key vouches for. 0 where none is.</param>
internal sealed record AuditVerification(long Entries, AuditFault? Fault, long Anchored)
{
    /// <summary>Entries that nothing but the chain itself vouches for: whoever can write the store could rewrite them.</summary>
    public long AfterAnchor => Entries - Anchored;
}

/// <param name="Sequence">The entry it was found at.</param>
/// <param name="Words">Safe to show.</param>
internal sealed record AuditFault(long Sequence, string Words);
