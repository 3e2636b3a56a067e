using System.Text.RegularExpressions;

namespace SafeTools.Providers.Postgres;

/// <summary>The line <c>safetools: environment=NAME</c> in the comment of the database, which its owner writes and an agent that only has SafeTools cannot.</summary>
internal static partial class EnvironmentMarker
{
    private const int MostMarkers = 16;

    /// <summary>Every environment that the comment names. More than there can be, or a marker without a clear name, name none: then nothing vouches for it.</summary>
    public static IReadOnlyList<string> Read(string comment)
    {
        var lines = comment.Split('\n').Select(line => line.Trim()).Where(line => line.Contains("safetools:", StringComparison.OrdinalIgnoreCase)).ToList();
        var names = lines.Select(line => Form().Match(line)).Select(match => match.Success ? match.Groups["name"].Value : null).ToList();
        return names.Count > MostMarkers || names.Contains(null) ? [] : [.. names.OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    [GeneratedRegex(@"^safetools: environment=(?<name>[A-Za-z0-9_-]{1,64})\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
