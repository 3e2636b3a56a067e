namespace SafeTools;

/// <summary>What looking gave: a preview, or why there is none.</summary>
public abstract record Previewed
{
    private Previewed()
    {
    }

    public sealed record Seen(Preview Preview) : Previewed;

    public sealed record Refused(Refusal Refusal) : Previewed;

    public static implicit operator Previewed(Preview preview) => new Seen(preview);

    public static implicit operator Previewed(Refusal refusal) => new Refused(refusal);
}
