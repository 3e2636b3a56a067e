namespace SafeTools.Providers.Postgres;

/// <summary>How large a function's result may be beside its arguments.</summary>
internal enum GrowthRule
{
    /// <summary>About as large as its largest argument.</summary>
    Largest,

    /// <summary>All arguments together: concatenation.</summary>
    Sum,

    /// <summary>One argument, once for each piece of another: replacement.</summary>
    Product,

    /// <summary>Some times its argument: escapes, encodings.</summary>
    Escaping,
}
