using System.Globalization;
using System.Net;
using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>Who answers, and as whom: one row, asked beside the subjects.</summary>
internal sealed record ServerFacts
{
    public const string Sql = """
        SELECT current_setting('server_version'), session_user::text, current_database()::text, (SELECT system_identifier::text FROM pg_control_system()),
          host(inet_server_addr()), inet_server_port()::text, pg_is_in_recovery()::text,
          (SELECT to_char(rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') FROM pg_catalog.pg_roles WHERE rolname = session_user AND isfinite(rolvaliduntil)),
          (SELECT rolconnlimit::text FROM pg_catalog.pg_roles WHERE rolname = session_user),
          (SELECT d.description FROM pg_catalog.pg_shdescription d JOIN pg_catalog.pg_database b ON b.oid = d.objoid
            WHERE d.classoid = 'pg_catalog.pg_database'::regclass AND b.datname = current_database())
        """;

    public required string Version { get; init; }

    public required string User { get; init; }

    public required string Database { get; init; }

    public required string SystemIdentifier { get; init; }

    /// <summary>Null over a local socket.</summary>
    public string? Address { get; init; }

    public bool Standby { get; init; }

    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>-1 where there is none.</summary>
    public long ConnectionLimit { get; init; }

    public IReadOnlyList<string> Markers { get; init; } = [];

    /// <summary>Null over a local socket.</summary>
    public IPAddress? Host { get; init; }

    /// <summary>Advice where somebody could listen on the way: over a local socket, or on one machine as the server sees it, nobody can.</summary>
    public ProofRow? Unencrypted(Channel channel) =>
        channel.Encrypted || Host is null || IPAddress.IsLoopback(Host) ? null : new ProofRow(FindingKinds.NoTls, $"the connection to {Address}", null);

    public static ServerFacts Read(NpgsqlDataReader row) => new()
    {
        Version = row.GetString(0),
        User = row.GetString(1),
        Database = row.GetString(2),
        SystemIdentifier = row.GetString(3),
        Host = Text(row, 4) is { } host ? IPAddress.Parse(host) : null,
        Address = Text(row, 4) is { } address ? new IPEndPoint(IPAddress.Parse(address), int.Parse(row.GetString(5), CultureInfo.InvariantCulture)).ToString() : null,
        Standby = row.GetString(6) == "true",
        ValidUntil = Text(row, 7) is { } until ? DateTimeOffset.Parse(until, CultureInfo.InvariantCulture) : null,
        ConnectionLimit = long.Parse(row.GetString(8), CultureInfo.InvariantCulture),
        Markers = EnvironmentMarker.Read(Text(row, 9)),
    };

    /// <summary>Named as <c>identity</c> names them, with spaces, so that what was seen can be pinned as it stands.</summary>
    public IReadOnlyList<Fact> Facts(Channel channel) =>
    [
        Says("server version", new FactValue.Text(Version)),
        Says("system identifier", new FactValue.Text(SystemIdentifier)),
        Says("database", new FactValue.Text(Database)),
        .. Address is null ? Array.Empty<Fact>() : [Says("address", new FactValue.Text(Address))],
        Says("encrypted", new FactValue.Flag(channel.Encrypted)),
        .. channel.TlsKey is null ? Array.Empty<Fact>() : [Says("tls key", new FactValue.Text(channel.TlsKey))],
        Says("standby", new FactValue.Flag(Standby)),
        Says("user", new FactValue.Text(User)),
        .. ConnectionLimit < 0 ? Array.Empty<Fact>() : [Says("connection limit", new FactValue.Count(ConnectionLimit))],
        .. ValidUntil is { } until ? [Says("valid until", new FactValue.Instant(until))] : Array.Empty<Fact>(),
        Says("environment markers", new FactValue.Names(Markers)),
    ];

    private static Fact Says(string name, FactValue value) => new(name, value, FactSource.Provider);

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
