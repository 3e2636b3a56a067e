namespace SafeTools;

/// <summary>An expected "no". It is a value, not an exception, and its words are safe to show to an agent.</summary>
/// <param name="Code">Which refusal this is; its number never changes meaning.</param>
/// <param name="Message">One or two sentences: what was refused and why. Holds no secret, no path of the server, no exception text.</param>
public sealed record Refusal(RefusalCode Code, string Message)
{
    /// <summary>The tool the agent may call instead, if one helps.</summary>
    public string? NextTool { get; init; }

    /// <summary>The command a human would run, if one helps.</summary>
    public string? HumanCommand { get; init; }

    public override string ToString() => $"{Code.Id}: {Message}";
}
