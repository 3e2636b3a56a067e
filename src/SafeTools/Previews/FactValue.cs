namespace SafeTools;

/// <summary>A fact's value, typed so that people read sizes and ages and machines read numbers.</summary>
public abstract record FactValue
{
    private FactValue()
    {
    }

    public sealed record Text(string Value) : FactValue;

    public sealed record Count(long Value) : FactValue;

    public sealed record Bytes(long Value) : FactValue;

    public sealed record Instant(DateTimeOffset Value) : FactValue;

    public sealed record Flag(bool Value) : FactValue;

    public sealed record Names(IReadOnlyList<string> Values) : FactValue;
}
