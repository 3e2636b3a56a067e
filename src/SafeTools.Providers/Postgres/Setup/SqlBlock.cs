namespace SafeTools.Providers.Postgres;

/// <summary>Puts parts into a text so that people can read the whole: a part that takes several lines is indented as the place where it goes.</summary>
internal static class SqlBlock
{
    /// <param name="text">Where a line holds <c>%name%</c>, the part of that name goes.</param>
    /// <param name="parts">Written by us; nothing that somebody typed.</param>
    public static string Fill(string text, params (string Name, string Part)[] parts) => string.Join('\n', text.Split('\n').Select(line =>
    {
        var indent = line[..(line.Length - line.TrimStart().Length)];
        return parts.Aggregate(line, (filled, part) => filled.Replace($"%{part.Name}%", part.Part.Replace("\n", "\n" + indent, StringComparison.Ordinal), StringComparison.Ordinal));
    }));
}
