namespace SafeTools;

/// <summary>What one call may cost.</summary>
/// <param name="Rows">The most rows answered.</param>
/// <param name="Bytes">The most bytes of data answered, counted as UTF-8 JSON.</param>
/// <param name="Time">The longest a call may run.</param>
public sealed record Limits(int Rows, long Bytes, TimeSpan Time)
{
    public static Limits Default { get; } = new(1000, 1024 * 1024, TimeSpan.FromSeconds(30));
}
