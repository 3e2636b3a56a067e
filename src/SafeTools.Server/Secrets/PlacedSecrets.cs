using System.Text.RegularExpressions;
using SafeTools.Server.Hardening;

namespace SafeTools.Server.Secrets;

/// <summary>Reads and writes secrets where the accepted policy says they lie. Keeps none: each is read again when it is needed.</summary>
internal sealed partial class PlacedSecrets : ISecrets
{
    private readonly SecretStore? _store;

    /// <param name="state">The state folder, where the store of secrets is; null where there is none to be used.</param>
    public PlacedSecrets(string? state = null, TimeProvider? clock = null) =>
        _store = state is { Length: > 0 } ? new SecretStore(Path.GetFullPath(state), clock ?? TimeProvider.System) : null;

    public SecretRead Read(SecretReference reference) => reference.Place switch
    {
        SecretPlace.Environment => FromEnvironment(reference.Name),
        SecretPlace.File => SecretFiles.ReadWhole(reference.Name),
        SecretPlace.VariableFile => SecretFiles.ReadVariable(reference.Name, reference.Variable!),
        SecretPlace.Store => FromStore(reference.Name),
    };

    public Refusal? Write(SecretReference reference, Secret value) => SecretValues.Fault(value) ?? reference.Place switch
    {
        SecretPlace.Environment => RefusalCatalog.SecretNotWritable.Because("A variable of the environment is set by whoever starts the server; nobody can change it for a process that runs."),
        SecretPlace.File => SecretFiles.WriteWhole(reference.Name, value),
        SecretPlace.VariableFile => SecretFiles.WriteVariable(reference.Name, reference.Variable!, value),
        SecretPlace.Store => _store is null ? NoStore : _store.Put(reference.Name, value),
    };

    public string Fingerprint(Secret value)
    {
        if (Store.Open(out var why) is { } content)
        {
            return content.Fingerprint(value);
        }

        // A store that was never made is made now, for its key must be the same ever after.
        var fingerprint = "";
        why ??= Store.Change(made =>
        {
            fingerprint = made.Fingerprint(value);
            return made;
        });
        return why is null ? fingerprint : throw new SecretsException(why.Message);
    }

    public T Remember<T>(string key, Func<string?, (string? Now, T Answer)> change)
    {
        if (!Keys().IsMatch(key))
        {
            throw new ArgumentException("A key is letters, digits, dot, dash, underscore and slash, at most 128.", nameof(key));
        }

        T answer = default!;
        var why = Store.Change(content =>
        {
            var before = content.Remembered.GetValueOrDefault(key);
            (var now, answer) = change(before);
            return now == before ? content : content.Remembering(key, now);
        });
        return why is null ? answer : throw new SecretsException(why.Message);
    }

    private SecretStore Store => _store ?? throw new SecretsException(NoStore.Message);

    private static Refusal NoStore => RefusalCatalog.SecretStoreUnusable.Because("There is no state folder here, so there is no store of secrets.");

    private SecretRead FromStore(string name)
    {
        if (_store is null)
        {
            return new SecretRead.Missing(NoStore);
        }

        return _store.Open(out var why)?.Secrets.GetValueOrDefault(name) is { } found ? new SecretRead.Found(found.Value)
            : why is not null ? new SecretRead.Missing(why)
            : Missing($"The store of secrets has none of the name {name}. A human sets it with: safetools secrets set {name}");
    }

    /// <summary>A serving process has taken its variables out of its environment; any other process has them still.</summary>
    private static SecretRead FromEnvironment(string name) =>
        (StartingEnvironment.OfThisProcess.Get(name) ?? System.Environment.GetEnvironmentVariable(name)) is { Length: > 0 } value
            ? new SecretRead.Found(new Secret(value))
            : Missing($"The variable {name} was not set when this process started, or the policy did not name it then.");

    private static SecretRead.Missing Missing(string why) => new(RefusalCatalog.SecretMissing.Because(why));

    [GeneratedRegex(@"\A[A-Za-z0-9._/-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Keys();
}
