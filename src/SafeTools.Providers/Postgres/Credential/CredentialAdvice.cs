namespace SafeTools.Providers.Postgres;

/// <summary>What a person does about a credential that can do too much, instead of running a hundred statements one by one.</summary>
internal static class CredentialAdvice
{
    /// <summary>A role with one of these does other work too, so taking it away would break that.</summary>
    private static readonly string[] OfOtherWork =
        ["superuser", "role-attribute", "predefined-role", "role-admin", "owner-of-database", "owner-of-schema", "owner-of-relation", "owner-of-function", "owner-of-type", "owner-of-large-object", "owner-of-other"];

    public static IReadOnlyList<string> Of(IReadOnlyList<Finding> findings, ServerFacts server, Resource resource)
    {
        var refusing = findings.Where(finding => finding.Weight == FindingWeight.Refuses).Select(finding => finding.Kind).ToHashSet(StringComparer.Ordinal);
        if (refusing.Count == 0)
            return server.Markers.Count > 0 ? [] :
            [
                $"If it really is {resource.Environment}, its owner marks it: COMMENT ON DATABASE {Named(server.Database)} IS '{EnvironmentMarker.Prefix}{resource.Environment}';",
                "A comment that is there already keeps its words beside that line, a line of its own.",
            ];
        var isOfOtherWork = refusing.Overlaps(OfOtherWork);
        List<string> advice =
        [
            isOfOtherWork
                ? $"Leave {server.User} as it is, for it does more than read, and give the tools a role of their own, which this makes:"
                : "To mend it at once, as superuser; name the schemas that it is to read:",
            $"  safetools init postgres{(isOfOtherWork ? "" : $" --role {Quoted(server.User)}")} --database {Quoted(server.Database)} --schema public --environment {Quoted(resource.Environment)} | psql -d {Quoted(server.Database)}",
        ];
        var soft = FindingKinds.Tolerable.Where(refusing.Contains).ToList();
        if (!isOfOtherWork && soft.Count > 0)
            advice.Add($"What nobody can mend, as on a managed server, can be put up with in safetools.yaml: tolerates: [{string.Join(", ", soft)}]");
        return advice;
    }

    private static string Named(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>As a shell takes it for one word.</summary>
    private static string Quoted(string name) => name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.') ? name : $"'{name.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
