namespace SafeTools.Tests.Providers.Postgres.Support;

/// <summary>Answers every reference with one value, which a test may change.</summary>
internal sealed class FixedSecret(string value) : ISecrets
{
    public string? Value { get; set; } = value;

    public SecretRead Read(SecretReference reference) =>
        Value is { } known ? new SecretRead.Found(new Secret(known)) : new SecretRead.Missing(RefusalCatalog.SecretMissing.Because("The variable was not set."));

    public Refusal? Write(SecretReference reference, Secret value) => RefusalCatalog.SecretMissing.Because("It cannot be written.");

    public string Fingerprint(Secret value) => throw new SecretsException("There is no key.");

    public T Remember<T>(string key, Func<string?, (string? Now, T Answer)> change) => throw new SecretsException("There is no store.");
}
