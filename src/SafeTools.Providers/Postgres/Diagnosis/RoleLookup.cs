using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// What a credential that works says of a role that was not let in. PostgreSQL answers a wrong password, a role that has expired and one that does not exist
/// alike, on purpose; only who is inside already can tell them apart.
/// </summary>
internal sealed record RoleLookup
{
    private const string Sql = """
        SELECT (r.oid IS NOT NULL)::text, coalesce(r.rolcanlogin, false)::text, coalesce(r.rolvaliduntil < now(), false)::text,
          to_char(CASE WHEN isfinite(r.rolvaliduntil) THEN r.rolvaliduntil END AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), coalesce(r.rolconnlimit, -1)::text,
          (d.oid IS NOT NULL)::text, coalesce(d.datallowconn, false)::text, coalesce(has_database_privilege(r.oid, d.oid, 'CONNECT'), false)::text, coalesce(d.datconnlimit, -1)::text
        FROM (SELECT 1) one LEFT JOIN pg_catalog.pg_roles r ON r.rolname = $1::text::name LEFT JOIN pg_catalog.pg_database d ON d.datname = $2::text::name
        """;

    public required bool Exists { get; init; }

    public required bool CanLogIn { get; init; }

    public required bool Expired { get; init; }

    public required DateTimeOffset? ValidUntil { get; init; }

    /// <summary>-1 where there is none; so too the database's.</summary>
    public required int Limit { get; init; }

    public required bool DatabaseExists { get; init; }

    public required bool DatabaseOpen { get; init; }

    public required bool MayConnect { get; init; }

    public required int DatabaseLimit { get; init; }

    /// <summary>How many sessions the role has; null where they may not be counted.</summary>
    public string? Sessions { get; init; }

    public static async Task<RoleLookup> Of(NpgsqlConnection connection, string user, string database, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(Sql, connection)
        {
            Parameters = { new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = user }, new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = database } },
        };
        await using var _ = command.ConfigureAwait(false);
        var row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = row.ConfigureAwait(false);
        await row.ReadAsync(cancellationToken).ConfigureAwait(false);
        return new RoleLookup
        {
            Exists = Flag(row, 0),
            CanLogIn = Flag(row, 1),
            Expired = Flag(row, 2),
            ValidUntil = row.IsDBNull(3) ? null : DateTimeOffset.Parse(row.GetString(3), CultureInfo.InvariantCulture),
            Limit = int.Parse(row.GetString(4), CultureInfo.InvariantCulture),
            DatabaseExists = Flag(row, 5),
            DatabaseOpen = Flag(row, 6),
            MayConnect = Flag(row, 7),
            DatabaseLimit = int.Parse(row.GetString(8), CultureInfo.InvariantCulture),
        };
    }

    /// <summary>What a refused password really was.</summary>
    public string Reason => !Exists ? DiagnosisKinds.NoSuchRole : !CanLogIn ? DiagnosisKinds.LoginNotAllowed : Expired ? DiagnosisKinds.Expired : DiagnosisKinds.WrongPassword;

    private static bool Flag(NpgsqlDataReader row, int column) => row.GetString(column) == "true";
}
