namespace SafeTools.Server.Secrets;

/// <summary>The same faults in words: safe to show, for they name no path.</summary>
internal static class FileFaults
{
    /// <param name="what">The file, beginning a sentence: "The secret's file".</param>
    public static string? Words(this FileFault fault, string what) => fault switch
    {
        FileFault.None => null,
        FileFault.Absent => $"{what} is missing.",
        FileFault.Link => $"{what} is a symbolic link.",
        FileFault.NotPlain => $"{what} is no plain file.",
        FileFault.OpenToOthers => $"{what} may be read or written by others. Its mode must be 0600.",
        FileFault.ForeignOwner => $"{what} belongs to another user.",
        FileFault.TooLarge => $"{what} is too large.",
        FileFault.Unreadable => $"{what} cannot be read.",
    };
}
