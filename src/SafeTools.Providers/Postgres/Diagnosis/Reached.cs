namespace SafeTools.Providers.Postgres;

/// <summary>How far a connection came, before any credential was shown.</summary>
internal enum Reached
{
    /// <summary>The name has no address.</summary>
    HostUnknown,

    Refused,

    TimedOut,

    /// <summary>There is no way to it.</summary>
    Unreachable,

    /// <summary>It is open, and does not answer as PostgreSQL does.</summary>
    NotPostgres,

    /// <summary>A PostgreSQL, or what passes for one.</summary>
    Postgres,
}
