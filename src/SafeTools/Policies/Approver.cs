namespace SafeTools;

/// <summary>A person's key and what it may approve. Two entries of one name are one person.</summary>
/// <param name="Name">The person.</param>
/// <param name="Key">The public key.</param>
/// <param name="Approves">Patterns <c>TOOL@ENVIRONMENT</c>, each part a name or <c>*</c>.</param>
internal sealed record Approver(string Name, P256PublicKey Key, IReadOnlyList<string> Approves)
{
    public const string Everything = "*@*";

    /// <summary>May sign policies and lift freezes.</summary>
    public bool ApprovesEverything => Approves.Contains(Everything);

    public bool MayApprove(string tool, EnvironmentLabel environment) => Approves.Any(pattern =>
        pattern.Split('@') is [var name, var place] && (name == "*" || name == tool) && (place == "*" || place == environment.Word()));

    /// <summary>Whether the text is a pattern at all.</summary>
    public static bool IsPattern(string text) =>
        text.Split('@') is [{ Length: > 0 }, var place] && (place == "*" || LabelNames.ParseEnvironment(place) is not null);
}
