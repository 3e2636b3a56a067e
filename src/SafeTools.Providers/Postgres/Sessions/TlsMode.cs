namespace SafeTools.Providers.Postgres;

/// <summary>As libpq's sslmode (docs, 34.19 "SSL Support").</summary>
internal enum TlsMode
{
    Disable,

    /// <summary>TLS where the server offers it.</summary>
    Prefer,

    /// <summary>TLS, whatever its certificate; a pinned key says whose it must be.</summary>
    Require,

    /// <summary>TLS with a certificate of a trusted authority.</summary>
    VerifyCertificate,

    /// <summary>The same, made out to the host's name.</summary>
    VerifyFull,
}
