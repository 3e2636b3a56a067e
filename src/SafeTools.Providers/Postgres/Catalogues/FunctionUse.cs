namespace SafeTools.Providers.Postgres;

/// <summary>How a built-in function may be used in a read.</summary>
internal enum FunctionUse
{
    /// <summary>Computes from its arguments, and that is all.</summary>
    Free,

    /// <summary>Gathers its whole input in memory (array_agg, string_agg, jsonb_agg): how much that is must be known before.</summary>
    Gathers,

    /// <summary>Makes a text as long as its second argument says (lpad), which must be a small constant.</summary>
    Pads,

    /// <summary>Makes its first argument as many times as the second says (repeat): a small constant, and all of them together bounded.</summary>
    Repeats,

    /// <summary>Draws a polygon of as many corners as its first argument says, which must be a small constant.</summary>
    Draws,

    /// <summary>Takes widths from its first argument (format), which must be a constant without large ones.</summary>
    Formats,

    /// <summary>Reads a setting: allowed where a row security policy of the table's owner does, never in the agent's own words.</summary>
    InPolicies,
}
