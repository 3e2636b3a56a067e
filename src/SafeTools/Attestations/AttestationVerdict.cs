namespace SafeTools;

public enum AttestationVerdict
{
    /// <summary>Everything that a tool relies on was proved on the live system.</summary>
    Proved,

    /// <summary>The credential can do more than its tools promise, so they refuse.</summary>
    Failed,

    /// <summary>The system did not answer yet, so its tools refuse.</summary>
    Unknown,
}
