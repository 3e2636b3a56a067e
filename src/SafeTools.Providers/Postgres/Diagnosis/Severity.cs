namespace SafeTools.Providers.Postgres;

/// <summary>How bad a finding is, worst first: findings are told in this order.</summary>
internal enum Severity
{
    /// <summary>Using the credential may do harm: hands off.</summary>
    Danger,

    /// <summary>It does not work.</summary>
    Broken,

    /// <summary>It works, and something about it surprises.</summary>
    Warning,

    Fine,
}
