using SafeTools.Server.Serving;

namespace SafeTools.Server.Secrets;

/// <summary>The variables that policies refer to: what a serving process keeps of the environment it was started with.</summary>
internal static class NamedVariables
{
    /// <summary>Of the policy that is served, and of the one that waits in the files: accepted later, it must find its variables.</summary>
    public static IEnumerable<string> Of(Runtime runtime, Policy served) =>
        new[] { served, runtime.Files }.OfType<Policy>().SelectMany(policy => Of(policy, runtime.Providers.All)).Distinct(StringComparer.Ordinal);

    private static IEnumerable<string> Of(Policy policy, IReadOnlyList<IProvider> providers) =>
        from resource in policy.Resources.Values
        from setting in providers.Single(provider => provider.Name == resource.Provider).ResourceSettings
        where setting.Kind == SettingKind.Secret
        let reference = SecretReference.Parse(resource.Settings.TextOrNull(setting.Name) ?? "")
        where reference is { Place: SecretPlace.Environment }
        select reference.Name;
}
