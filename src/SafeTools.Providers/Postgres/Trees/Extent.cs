namespace SafeTools.Providers.Postgres;

/// <summary>A bound of a value's size.</summary>
/// <param name="Power">Two to this many bytes.</param>
/// <param name="Selves">How many copies of what a recursion made before are in it; infinite where it grows by more than copies.</param>
internal readonly record struct Extent(double Power, double Selves)
{
    public static Extent Larger(Extent one, Extent other) => new(Math.Max(one.Power, other.Power), Math.Max(one.Selves, other.Selves));

    public static Extent Sum(IReadOnlyList<Extent> parts) => parts.Count == 0 ? default : new(Math.Log2(parts.Sum(part => Math.Pow(2, Math.Min(part.Power, 1000)))), parts.Sum(part => part.Selves));

    public static Extent Product(Extent one, Extent other) => new(one.Power + other.Power, one.Selves > 0 && other.Selves > 0 ? double.PositiveInfinity : one.Selves + other.Selves);

    /// <summary>Two to that many times as large.</summary>
    public Extent Times(double power) => new(Power + power, Selves > 0 ? Selves * Math.Pow(2, power) : 0);
}
