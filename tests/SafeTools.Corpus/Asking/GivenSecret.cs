namespace SafeTools.Corpus.Asking;

/// <summary>The one secret of a policy, without a variable or file to keep it in.</summary>
internal sealed class GivenSecret(string value) : ISecrets
{
    public SecretRead Read(SecretReference reference) => new SecretRead.Found(new Secret(value));
}
