namespace SafeTools.Providers.Postgres;

/// <summary>What asking for a session gave.</summary>
internal abstract record Leased
{
    private Leased()
    {
    }

    public sealed record Ready(Session Session) : Leased;

    public sealed record Refused(Refusal Why) : Leased;
}
