namespace SafeTools.Providers.LocalVolume;

/// <summary>Names that may become one segment of a path: of volumes, recovery points, quarantined entries and actions.</summary>
internal static class VolumeName
{
    public const int Longest = 128;

    public const string Pattern = "[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}";

    /// <summary>The same rule as <see cref="Pattern"/>, checked here again: what reaches a path is not left to the caller.</summary>
    public static bool IsSafe(string? name) =>
        name is { Length: > 0 and <= Longest } && name[0] != '.' && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '.' or '-' or '_');

    public static Refusal Refused(string what) =>
        RefusalCatalog.NameNotAllowed.Because($"The {what} is not a single name of letters, digits, dot, dash and underscore that does not begin with a dot.");
}
