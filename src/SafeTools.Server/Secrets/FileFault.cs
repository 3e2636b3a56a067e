namespace SafeTools.Server.Secrets;

/// <summary>What is wrong with a file that its owner alone may read.</summary>
internal enum FileFault
{
    None,
    Absent,
    Link,
    NotPlain,
    OpenToOthers,
    ForeignOwner,
    TooLarge,
    Unreadable,
}
