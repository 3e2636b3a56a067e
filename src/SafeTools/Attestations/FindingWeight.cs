namespace SafeTools;

public enum FindingWeight
{
    /// <summary>The tools of the resource refuse until it is mended.</summary>
    Refuses,

    /// <summary>The accepted policy tolerates it by name; the tools go on behind their other layers.</summary>
    Tolerated,

    /// <summary>Worth mending; nothing depends on it.</summary>
    Advises,
}
