namespace SafeTools.Clusters;

/// <summary>How a throwaway cluster is made.</summary>
public sealed record ClusterOptions
{
    /// <summary>The TCP port on 127.0.0.1; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>The folder of another version's programs, as npm unpacked it (tests/postgres); null: Debian's PostgreSQL 15.</summary>
    public string? Programs { get; init; }

    /// <summary>Serves TLS too, with a certificate of its own making (<see cref="PostgresCluster.Certificate"/>). Connections without TLS stay possible.</summary>
    public bool Tls { get; init; }

    /// <summary>Lines of postgresql.conf beyond ours, such as <c>wal_level</c> = <c>logical</c>; they win.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
