namespace SafeTools;

/// <summary>Who is frozen: everybody, or single principals.</summary>
internal sealed record Freezes(bool Everybody, IReadOnlySet<string> Principals)
{
    /// <summary>How everybody is written where a principal's name stands otherwise.</summary>
    public const string All = "*";

    public static Freezes None { get; } = new(false, new HashSet<string>());

    public bool Holds(string principal) => Everybody || Principals.Contains(principal);
}
