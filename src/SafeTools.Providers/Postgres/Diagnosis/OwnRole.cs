using System.Globalization;
using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>What a credential that was let in is there.</summary>
internal sealed record OwnRole
{
    private const string Sql = """
        SELECT r.rolsuper::text, concat_ws(',', CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END, CASE WHEN r.rolcreatedb THEN 'CREATEDB' END,
            CASE WHEN r.rolreplication THEN 'REPLICATION' END, CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END),
          r.rolconnlimit::text, d.datconnlimit::text, current_setting('max_connections'), current_setting('default_transaction_read_only'),
          to_char(CASE WHEN isfinite(r.rolvaliduntil) THEN r.rolvaliduntil END AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
        FROM pg_catalog.pg_roles r CROSS JOIN pg_catalog.pg_database d WHERE r.rolname = session_user AND d.datname = current_database()
        """;

    private const string Counted = "SELECT count(*)::text FROM pg_catalog.pg_stat_activity WHERE usename = coalesce($1::text::name, session_user)";

    public required bool Superuser { get; init; }

    public required IReadOnlyList<string> Attributes { get; init; }

    /// <summary>-1 where there is none; so too the database's.</summary>
    public required int Limit { get; init; }

    public required int DatabaseLimit { get; init; }

    public required int ServerLimit { get; init; }

    public required bool ReadOnly { get; init; }

    public required DateTimeOffset? ValidUntil { get; init; }

    /// <summary>How many it has, this one included; null where it may not be counted.</summary>
    public string? Sessions { get; init; }

    public static async Task<OwnRole> Read(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(Sql, connection);
        await using var _ = command.ConfigureAwait(false);
        var row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = row.ConfigureAwait(false);
        await row.ReadAsync(cancellationToken).ConfigureAwait(false);
        return new OwnRole
        {
            Superuser = row.GetString(0) == "true",
            Attributes = row.GetString(1).Split(',', StringSplitOptions.RemoveEmptyEntries),
            Limit = Number(row, 2),
            DatabaseLimit = Number(row, 3),
            ServerLimit = Number(row, 4),
            ReadOnly = row.GetString(5) == "on",
            ValidUntil = row.IsDBNull(6) ? null : DateTimeOffset.Parse(row.GetString(6), CultureInfo.InvariantCulture),
        };
    }

    /// <param name="user">Whose sessions; null: its own.</param>
    public static async Task<string> Used(NpgsqlConnection connection, string? user, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(Counted, connection) { Parameters = { new NpgsqlParameter { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text, Value = (object?)user ?? DBNull.Value } } };
        await using var _ = command.ConfigureAwait(false);
        return (string)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    private static int Number(NpgsqlDataReader row, int column) => int.Parse(row.GetString(column), CultureInfo.InvariantCulture);
}
