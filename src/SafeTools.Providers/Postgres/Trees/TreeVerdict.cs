namespace SafeTools.Providers.Postgres;

/// <summary>What judging a tree gave.</summary>
/// <param name="Refusal">Null: it only reads.</param>
/// <param name="Gathers">It gathers rows in memory, so how many there are must be known before it runs.</param>
internal sealed record TreeVerdict(Refusal? Refusal, bool Gathers);
