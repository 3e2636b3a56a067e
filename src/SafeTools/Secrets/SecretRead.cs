namespace SafeTools;

/// <summary>What asking for a secret gave.</summary>
public abstract record SecretRead
{
    private SecretRead()
    {
    }

    public sealed record Found(Secret Secret) : SecretRead;

    public sealed record Missing(Refusal Why) : SecretRead;
}
