namespace SafeTools.Providers.Postgres;

/// <summary>Where a credential leads, read from a connection string. Holds the password; it is made when it is needed and kept no longer than its sessions.</summary>
internal sealed record ConnectionTarget
{
    /// <summary>In the order in which they are tried.</summary>
    public required IReadOnlyList<Endpoint> Endpoints { get; init; }

    public required string Database { get; init; }

    public required string User { get; init; }

    public required Secret? Password { get; init; }

    public required TlsMode? Tls { get; init; }

    /// <summary>The file with the authority's certificate; null: the system's authorities.</summary>
    public string? RootCertificate { get; init; }

    /// <summary>The only key that the server may have (<see cref="ServerIdentity.TlsKey"/>); null: any.</summary>
    public string? PinnedKey { get; init; }

    /// <summary>
    /// Without a word about it, TLS is required wherever the connection leaves this machine. A pinned key requires it whatever sslmode says: who strips TLS
    /// has no key to show.
    /// </summary>
    public TlsMode TlsTo(Endpoint endpoint)
    {
        var said = Tls ?? (endpoint.IsLoopback ? TlsMode.Prefer : TlsMode.Require);
        return PinnedKey is not null && said is TlsMode.Disable or TlsMode.Prefer ? TlsMode.Require : said;
    }

    /// <summary>What may be shown of it to people.</summary>
    public IReadOnlyList<Fact> Facts() =>
    [
        Says("tried host", string.Join(", ", Endpoints)),
        Says("tried database", Database),
        Says("tried user", User),
        Says("tried sslmode", string.Join(", ", Endpoints.Select(TlsTo).Distinct().Select(Word))),
    ];

    private static Fact Says(string name, string value) => new(name, new FactValue.Text(value), FactSource.Configuration);

    /// <summary>As a connection string says it.</summary>
    public static string Word(TlsMode mode) => mode switch
    {
        TlsMode.Disable => "disable",
        TlsMode.Prefer => "prefer",
        TlsMode.Require => "require",
        TlsMode.VerifyCertificate => "verify-ca",
        TlsMode.VerifyFull => "verify-full",
    };
}
