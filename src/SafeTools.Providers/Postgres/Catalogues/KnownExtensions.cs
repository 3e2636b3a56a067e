namespace SafeTools.Providers.Postgres;

/// <summary>Extensions whose immutable functions in C compute from their arguments: types and comparisons, no SQL run from a text, no network, no files.</summary>
internal static class KnownExtensions
{
    public static IReadOnlyList<string> Names { get; } = ["citext", "cube", "fuzzystrmatch", "hstore", "intarray", "isn", "ltree", "pg_trgm"];
}
