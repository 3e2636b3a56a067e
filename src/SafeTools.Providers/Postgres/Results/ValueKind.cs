namespace SafeTools.Providers.Postgres;

/// <summary>What becomes of a value's text in the answer.</summary>
internal enum ValueKind
{
    /// <summary>true or false.</summary>
    Boolean,

    /// <summary>A number; beyond ±(2^53−1), where readers of JSON round, a string.</summary>
    Integer,

    /// <summary>A number in the server's own shortest digits; NaN and the infinities as strings.</summary>
    Real,

    /// <summary>The JSON itself, its numbers as they were written; a string where it is not clean JSON.</summary>
    Json,

    /// <summary><c>{"base64":…,"bytes":…}</c></summary>
    Bytes,

    /// <summary>A string, exactly as the server wrote it: everything else, numeric and times among it.</summary>
    Text,
}
