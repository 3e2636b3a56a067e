namespace SafeTools.Providers.Postgres;

/// <summary>
/// Which types a read may use. Two things speak against one: that its input, output or conversion runs code which somebody made (a hazard, because the
/// server converts constants while it analyses), or that nobody knows what it does (an extension's own type). Pure.
/// </summary>
internal sealed class TypeObjections
{
    private static readonly HashSet<string> PseudoTypes = new(StringComparer.Ordinal) { "record", "_record", "unknown", "void" };

    /// <summary>Names of catalogue objects, which reveal what exists; statistics; XML, whose parser is a world of its own.</summary>
    private static readonly HashSet<string> Refused = new(StringComparer.Ordinal)
    {
        "aclitem", "gtsvector", "refcursor", "regcollation", "regnamespace", "regoper", "regoperator", "regproc", "regprocedure", "regrole", "xml",
    };

    private readonly Dictionary<uint, TypeRow> _types;
    private readonly IReadOnlyDictionary<uint, IReadOnlyList<uint>> _columns;
    private readonly ILookup<uint, bool> _checks;
    private readonly Dictionary<uint, TypeObjection?> _known = [];

    /// <param name="columns">The column types of each row type, by relation.</param>
    /// <param name="checks">Of each domain's checks, whether it only computes.</param>
    public TypeObjections(IEnumerable<TypeRow> types, IReadOnlyDictionary<uint, IReadOnlyList<uint>> columns, ILookup<uint, bool> checks) =>
        (_types, _columns, _checks) = (types.ToDictionary(type => type.Number), columns, checks);

    public IEnumerable<TypeRow> All => _types.Values;

    /// <summary>Null: it may be used.</summary>
    public TypeObjection? Of(uint number)
    {
        if (_known.TryGetValue(number, out var known))
            return known;
        if (!_types.TryGetValue(number, out var type))
            return new TypeObjection("a type that is not known", IsHazard: false);
        // A row type may hold an array of itself; while it is looked at, it is not what speaks against itself.
        _known[number] = null;
        return _known[number] = Judge(type);
    }

    /// <summary>What speaks against the columns of a relation, at its worst.</summary>
    public TypeObjection? OfColumns(uint relation) => Worst((_columns.GetValueOrDefault(relation) ?? []).Select(Of));

    private TypeObjection? Judge(TypeRow type)
    {
        var known = KnownExtensions.Names.Contains(type.Extension, StringComparer.Ordinal);
        if (type.CastsToJson && !known)
            return new TypeObjection("a type that a user's function turns into JSON", IsHazard: true);
        if (type.BuiltIn)
            return JudgeBuiltIn(type);
        return type.Form switch
        {
            'e' => null,
            'b' when type.Element != 0 => Of(type.Element),
            'b' => known ? null : new TypeObjection("a type that is not built in", IsHazard: false),
            'c' => OfColumns(type.Relation),
            'd' => _checks[type.Number].All(computes => computes) ? Of(type.Base) : new TypeObjection("a domain whose check runs a function that is not built in", IsHazard: true),
            'r' or 'm' => type.RangeRunsCode ? new TypeObjection("a range that runs a function that is not built in", IsHazard: true) : Of(type.Subtype),
            _ => new TypeObjection("a type that is not known", IsHazard: false),
        };
    }

    private TypeObjection? JudgeBuiltIn(TypeRow type) => type.Form switch
    {
        'p' => PseudoTypes.Contains(type.Name) ? null : new TypeObjection("a type of the server's internals", IsHazard: false),
        'c' => new TypeObjection("a row of the server's own catalogue", IsHazard: false),
        'b' when type.Element != 0 => Of(type.Element),
        'b' or 'r' or 'm' => Refused.Contains(type.Name) || (type.Name.StartsWith("pg_", StringComparison.Ordinal) && type.Name is not ("pg_lsn" or "pg_snapshot"))
            ? new TypeObjection($"the type {type.Name}", IsHazard: false)
            : null,
        _ => new TypeObjection("a type that is not known", IsHazard: false),
    };

    private static TypeObjection? Worst(IEnumerable<TypeObjection?> objections)
    {
        TypeObjection? worst = null;
        foreach (var objection in objections.OfType<TypeObjection>())
        {
            if (objection.IsHazard)
                return objection;
            worst ??= objection;
        }

        return worst;
    }
}
