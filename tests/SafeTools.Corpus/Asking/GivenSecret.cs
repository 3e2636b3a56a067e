namespace SafeTools.Corpus.Asking;

/// <summary>The one secret of a policy, without a variable or file to keep it in.</summary>
internal sealed class GivenSecret(string value) : ISecrets
{
    public SecretRead Read(SecretReference reference) => new SecretRead.Found(new Secret(value));

    public Refusal? Write(SecretReference reference, Secret value) => RefusalCatalog.SecretMissing.Because("It cannot be written.");

    public string Fingerprint(Secret value) => throw new SecretsException("There is no key.");

    public T Remember<T>(string key, Func<string?, (string? Now, T Answer)> change) => throw new SecretsException("There is no store.");
}
