namespace SafeTools.Providers.Postgres;

/// <summary>SQL that a human may run, with names from a connection string in it: quoted whole, or no SQL at all.</summary>
internal static class OwnersSql
{
    private const int LongestName = 63;

    /// <param name="template">With {0}, {1} for names.</param>
    /// <returns>Null where a name is none that a server could have.</returns>
    public static string? Of(string template, params string[] names) =>
        names.Any(name => name.Length is 0 or > LongestName || name.Any(char.IsControl))
            ? null
            : string.Format(System.Globalization.CultureInfo.InvariantCulture, template, [.. names.Select(name => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")]);
}
