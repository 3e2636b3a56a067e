namespace SafeTools.Tests.Providers.Postgres.Support;

/// <summary>Answers every reference with one value, which a test may change.</summary>
internal sealed class FixedSecret(string value) : ISecrets
{
    public string? Value { get; set; } = value;

    public SecretRead Read(SecretReference reference) =>
        Value is { } known ? new SecretRead.Found(new Secret(known)) : new SecretRead.Missing(RefusalCatalog.SecretMissing.Because("The variable was not set."));
}
