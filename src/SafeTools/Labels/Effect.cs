namespace SafeTools;

/// <summary>What a request can do to the world, mildest first: a larger value is never less dangerous.</summary>
public enum Effect
{
    /// <summary>Changes nothing.</summary>
    Read,

    /// <summary>Changes something, and a named and proved undo brings it back.</summary>
    Reversible,

    /// <summary>Cannot be taken back, or nobody has proved that it can.</summary>
    Irreversible,
}
