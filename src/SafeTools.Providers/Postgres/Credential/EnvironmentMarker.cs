using System.Text.RegularExpressions;

namespace SafeTools.Providers.Postgres;

/// <summary>What confirms an environment: a line of its own in the comment on the database, which its owner writes and a reader cannot.</summary>
internal static partial class EnvironmentMarker
{
    /// <summary>Before the environment's name.</summary>
    public const string Prefix = "safetools: environment=";

    /// <summary>Every environment that the comment names, as written; none where it names none. Several are a disagreement.</summary>
    public static IReadOnlyList<string> Read(string? comment) => [.. Form().Matches(comment ?? "").Select(line => line.Groups["name"].Value)];

    [GeneratedRegex(@"^[ \t]*safetools:[ \t]*environment=(?<name>[A-Za-z0-9._-]{1,64})[ \t]*\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
