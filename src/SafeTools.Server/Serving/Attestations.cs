using System.Collections.Immutable;

namespace SafeTools.Server.Serving;

/// <summary>What was proved last of each resource. It is for showing: a provider refuses by what it proved itself.</summary>
internal sealed class Attestations(ProviderCalls providers)
{
    private static readonly Attestation NotYet = new() { Taken = default, Unreachable = RefusalCatalog.ResourceUnavailable.Because("It was not looked at yet.") };

    private readonly Lock _gate = new();
    private ImmutableDictionary<string, Attestation?> _latest = ImmutableDictionary<string, Attestation?>.Empty;

    /// <summary>Null where there is nothing to prove; unknown where it was not looked at yet.</summary>
    public Attestation? Of(Resource resource) =>
        Volatile.Read(ref _latest).TryGetValue(Key(resource), out var taken) ? taken : HasCredential(resource) ? NotYet : null;

    /// <returns>What stood there before.</returns>
    public Attestation? Keep(Resource resource, Attestation? taken)
    {
        lock (_gate)
        {
            var before = Of(resource);
            _latest = _latest.SetItem(Key(resource), taken);
            return before;
        }
    }

    /// <summary>
    /// Whatever a policy may say of a resource: one that was pointed elsewhere is another, and has no attestation yet.
    /// </summary>
    public static string Key(Resource resource) =>
        string.Join('\n', resource.Settings.Said.OrderBy(said => said.Key, StringComparer.Ordinal).Select(said => $"{said.Key}={said.Value}").Prepend(resource.Environment).Prepend(resource.Provider).Prepend(resource.Name));

    private bool HasCredential(Resource resource) =>
        providers.All.Single(provider => provider.Name == resource.Provider).ResourceSettings.Any(setting => setting.Kind == SettingKind.Secret && resource.Settings.TextOrNull(setting.Name) is not null);
}
