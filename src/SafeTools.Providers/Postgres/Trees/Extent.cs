namespace SafeTools.Providers.Postgres;

/// <summary>A bound of a value's size, and of the expression that it is computed by.</summary>
/// <param name="Power">Two to this many bytes, made of single values.</param>
/// <param name="Selves">How many copies of what a recursion made before are in it; infinite where it grows by more than copies.</param>
/// <param name="Bulk">As <paramref name="Power"/>, gathered rows counted in.</param>
/// <param name="Nodes">Of how many nodes the expression is made once the planner has put subqueries in the place of their columns.</param>
internal readonly record struct Extent(double Power, double Selves, double Bulk, double Nodes)
{
    /// <summary>A gathered value holds at most 64 MB (<see cref="PlanWeight"/>).</summary>
    public const double LargestGathered = 26;

    /// <summary>As many rows as may be gathered.</summary>
    private const double MostGathered = 19;

    /// <summary>A value of that size, by itself.</summary>
    public static Extent OfSize(double power, double selves = 0) => new(power, selves, power, 1);

    public static Extent Larger(Extent one, Extent other) =>
        new(Math.Max(one.Power, other.Power), Math.Max(one.Selves, other.Selves), Math.Max(one.Bulk, other.Bulk), one.Nodes + other.Nodes);

    public static Extent Sum(IReadOnlyList<Extent> parts) => parts.Count == 0 ? default : new(
        Together(parts.Select(part => part.Power)), parts.Sum(part => part.Selves), Together(parts.Select(part => part.Bulk)), parts.Sum(part => part.Nodes));

    public static Extent Product(Extent one, Extent other) => new(
        one.Power + other.Power, one.Selves > 0 && other.Selves > 0 ? double.PositiveInfinity : one.Selves + other.Selves, one.Bulk + other.Bulk, one.Nodes + other.Nodes);

    /// <summary>Two to that many times as large.</summary>
    public Extent Times(double power) => this with { Power = Power + power, Selves = Selves > 0 ? Selves * Math.Pow(2, power) : 0, Bulk = Bulk + power };

    /// <summary>Another size, computed by the same expression.</summary>
    public Extent Sized(double power) => new(power, 0, power, Nodes);

    public Extent Gathered() => this with { Bulk = Math.Min(Bulk + MostGathered, Math.Max(Bulk, LargestGathered)) };

    /// <summary>With one more node around it.</summary>
    public Extent Wrapped() => this with { Nodes = Nodes + 1 };

    private static double Together(IEnumerable<double> powers) => Math.Log2(powers.Sum(power => Math.Pow(2, Math.Min(power, 1000))));
}
