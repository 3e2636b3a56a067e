using System.Collections.Frozen;

namespace SafeTools.Providers.Postgres;

/// <summary>The allow list of one database, drawn from its catalogue: what a tree may name by number, and what a text may not name at all.</summary>
internal sealed record Catalogue
{
    /// <summary>Changes when anything that the list was drawn from does.</summary>
    public required string Stamp { get; init; }

    /// <summary>The server's major version.</summary>
    public required int Major { get; init; }

    public required FrozenDictionary<uint, BuiltinFunction> Functions { get; init; }

    /// <summary>Operators that are built in and whose function may be used.</summary>
    public required FrozenSet<uint> Operators { get; init; }

    /// <summary>Every type; the value says why a read may not use it, null: it may.</summary>
    public required FrozenDictionary<uint, string?> Types { get; init; }

    public required FrozenDictionary<uint, RelationFacts> Relations { get; init; }

    /// <summary>By the bare name of every relation and composite type, the server's own included.</summary>
    public required FrozenDictionary<string, RelationSpread> Spreads { get; init; }

    public required FrozenSet<uint> SamplingMethods { get; init; }

    /// <summary>Types of users, for naming and reading the columns of answers.</summary>
    public required FrozenDictionary<uint, CatalogType> ResultTypes { get; init; }

    /// <summary>
    /// Names that no text may hold: of types whose input runs somebody's code, and of tables, functions and operators through which a constant could
    /// become one. The server converts constants while it analyses, before there is a tree to judge.
    /// </summary>
    public required FrozenSet<string> Hazards { get; init; }
}
