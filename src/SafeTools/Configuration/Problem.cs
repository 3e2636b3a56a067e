namespace SafeTools;

/// <summary>A fault in a file that a user wrote: where it is and what to do about it.</summary>
/// <param name="File">The file as the user would name it.</param>
/// <param name="Line">From 1.</param>
/// <param name="Message">What is wrong, and the remedy.</param>
internal sealed record Problem(string File, int Line, string Message)
{
    private const int LongestText = 2000;

    /// <summary>For a person's terminal: names and values in it come from files that an agent may have written.</summary>
    public override string ToString() => VisibleText.Line($"{File}:{Line}: {Message}", LongestText);
}
