namespace SafeTools.Providers.Postgres;

/// <summary>One table, view or materialized view.</summary>
/// <param name="Objection">Why a read may not touch it, in words that follow its name; null: it may.</param>
/// <param name="Masked">The numbers of the columns that nobody may read through this resource.</param>
internal sealed record RelationFacts(string Name, string? Objection, IReadOnlySet<int> Masked);
