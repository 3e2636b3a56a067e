namespace SafeTools.Providers.Postgres;

internal enum ReadKind
{
    /// <summary>SELECT, VALUES, TABLE, WITH.</summary>
    Select,

    /// <summary>EXPLAIN of such a one, without ANALYZE.</summary>
    Explain,

    /// <summary>SHOW of one setting.</summary>
    Show,
}
