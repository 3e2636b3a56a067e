namespace SafeTools.Server.Secrets;

/// <summary>That a resource of a policy finds a secret somewhere.</summary>
/// <param name="Resource">Its name.</param>
/// <param name="Setting">The key of the resource that refers to the secret.</param>
internal sealed record SecretUse(string Resource, string Setting, SecretReference Reference)
{
    /// <summary>Every reference of a policy, whatever the setting.</summary>
    public static IEnumerable<SecretUse> Of(Policy policy, IReadOnlyList<IProvider> providers) =>
        from resource in policy.Resources.Values
        from setting in providers.Single(provider => provider.Name == resource.Provider).ResourceSettings
        where setting.Kind == SettingKind.Secret
        let reference = SecretReference.Parse(resource.Settings.TextOrNull(setting.Name) ?? "")
        where reference is not null
        select new SecretUse(resource.Name, setting.Name, reference);

    public override string ToString() => $"{Resource} ({Setting})";
}
