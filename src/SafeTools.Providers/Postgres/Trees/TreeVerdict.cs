namespace SafeTools.Providers.Postgres;

/// <summary>What judging a tree gave.</summary>
/// <param name="Refusal">Null: it only reads.</param>
/// <param name="Gathers">It gathers rows in memory, so how many there are must be known before it runs.</param>
/// <param name="Width">How wide one of those rows is at most, as a power of two of bytes.</param>
/// <param name="Distinguishes">It has a recursion that keeps all its rows in memory to tell new ones from old.</param>
internal sealed record TreeVerdict(Refusal? Refusal, bool Gathers = false, double Width = 0, bool Distinguishes = false);
