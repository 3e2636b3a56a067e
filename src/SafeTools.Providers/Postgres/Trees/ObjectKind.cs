namespace SafeTools.Providers.Postgres;

/// <summary>What an object identifier in a tree names.</summary>
internal enum ObjectKind
{
    Function,
    Operator,
    Type,
    Relation,

    /// <summary>A method of TABLESAMPLE, named by its handler.</summary>
    SamplingMethod,
}
