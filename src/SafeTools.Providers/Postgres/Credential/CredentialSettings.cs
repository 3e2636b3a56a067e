namespace SafeTools.Providers.Postgres;

/// <summary>What a resource says about its credential: <c>masked</c> and <c>tolerates</c>.</summary>
internal static class CredentialSettings
{
    /// <summary>What is wrong with them, in words for whoever writes safetools.yaml. Touches no infrastructure.</summary>
    public static IEnumerable<string> Faults(Resource resource)
    {
        foreach (var text in resource.Settings.Texts(PostgresSettings.Masked).Where(text => MaskedColumn.Parse(text) is null))
        {
            yield return $"'masked' names '{text}': write {MaskedColumn.Form}.";
        }

        foreach (var kind in resource.Settings.Texts(PostgresSettings.Tolerates))
        {
            if (FindingKinds.Intolerable(kind) is { } fault)
            {
                yield return fault;
            }
        }

        foreach (var twice in new[] { PostgresSettings.Masked, PostgresSettings.Tolerates }.SelectMany(name => resource.Settings.Texts(name).GroupBy(text => text).Where(same => same.Count() > 1).Select(same => (name, same.Key))))
        {
            yield return $"'{twice.name}' names '{twice.Key}' twice.";
        }
    }

    public static IReadOnlyList<MaskedColumn> Masked(Resource resource) => [.. resource.Settings.Texts(PostgresSettings.Masked).Select(MaskedColumn.Parse).OfType<MaskedColumn>()];
}
