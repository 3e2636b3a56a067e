using System.Data;
using System.Text.Json.Nodes;
using Npgsql;
using NpgsqlTypes;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// Proves, asking as the credential itself, that it can do nothing but read. Works for any role, on a primary and on a standby; changes nothing.
/// It goes by the catalogue: it finds every privilege that the server would honour, in one snapshot, and trusts no name but those of the server's own objects.
/// </summary>
internal static class CredentialProof
{
    private const int FirstWithParameterGrants = 15;
    private const int FirstWithLoginTriggers = 17;

    /// <summary>One snapshot. Names are written whole, and nothing of a session's own settings slows it down or is logged (a tree for each subject would be).</summary>
    private static readonly string[] Begin =
    [
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        "SET LOCAL search_path = ''",
        "SET LOCAL client_min_messages = warning",
        "SET LOCAL debug_print_parse = off",
        "SET LOCAL debug_print_rewritten = off",
        "SET LOCAL debug_print_plan = off",
        "SET LOCAL jit = off",
    ];

    /// <param name="connection">Open, logged in as the credential, in no transaction.</param>
    /// <param name="resource">Says what is masked and what is put up with.</param>
    /// <param name="channel">How the connection reaches the server.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="NpgsqlException">The server did not answer, or not as every server does.</exception>
    public static async Task<Proof> Prove(NpgsqlConnection connection, Resource resource, Channel channel, CancellationToken cancellationToken)
    {
        try
        {
            using var batch = new NpgsqlBatch(connection);
            foreach (var command in Begin.Append(ServerFacts.Sql).Select(text => new NpgsqlBatchCommand(text)).Concat(Subjects(connection.PostgreSqlVersion.Major, CredentialSettings.Masked(resource))))
            {
                batch.BatchCommands.Add(command);
            }

            var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using var _ = reader.ConfigureAwait(false);
            await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var server = ServerFacts.Read(reader);
            var rows = new List<ProofRow>();
            while (await reader.NextResultAsync(cancellationToken).ConfigureAwait(false))
            {
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    rows.Add(new ProofRow(reader.GetString(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2)));
                }
            }

            if (server.Unencrypted(channel) is { } plain)
            {
                rows.Add(plain);
            }

            return new Proof(ProofRow.Weigh(rows, resource.Settings.Texts(PostgresSettings.Tolerates)), server.Facts(channel), server.Markers);
        }
        finally
        {
            if (connection.State == ConnectionState.Open)
            {
                using var rollback = new NpgsqlCommand("ROLLBACK", connection);
                await rollback.ExecuteNonQueryAsync(CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private static IEnumerable<NpgsqlBatchCommand> Subjects(int version, IReadOnlyList<MaskedColumn> masked)
    {
        yield return new(RoleSubject.Sql);
        yield return new(RelationSubject.Sql);
        yield return new(SpaceSubject.Sql);
        yield return new(RoutineSubject.Sql);
        yield return new(ForeignSubject.Sql);
        yield return new(TypeSubject.Sql);
        if (version >= FirstWithParameterGrants)
        {
            yield return new(SpaceSubject.Parameters);
        }

        if (version >= FirstWithLoginTriggers)
        {
            yield return new(SpaceSubject.LoginTriggers);
        }

        if (masked.Count > 0)
        {
            var names = new JsonArray([.. masked.Select(column => new JsonArray(column.Schema, column.Table, column.Column))]);
            yield return new(MaskedSubject.Sql) { Parameters = { new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = names.ToJsonString() } } };
        }
    }
}
