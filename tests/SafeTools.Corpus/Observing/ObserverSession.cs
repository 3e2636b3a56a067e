using Npgsql;
using SafeTools.Clusters;

namespace SafeTools.Corpus.Observing;

/// <summary>A superuser's session of the observers. Its application name tells it from sessions under attack.</summary>
internal sealed class ObserverSession : IAsyncDisposable
{
    public const string Application = "corpus observer";

    private readonly NpgsqlConnection _connection;

    private ObserverSession(NpgsqlConnection connection) => _connection = connection;

    public NpgsqlConnection Connection => _connection;

    public static async Task<ObserverSession> Open(PostgresCluster cluster, string database, CancellationToken cancellationToken) =>
        new(await cluster.Open(database: database, application: Application, cancellationToken: cancellationToken));

    /// <summary>All rows, each value as text; null as an empty one.</summary>
    /// <param name="parameters">Bound as text; the statement casts them.</param>
    public async Task<IReadOnlyList<string[]>> Rows(string sql, CancellationToken cancellationToken, params string[] parameters)
    {
#pragma warning disable CA2100 // The observers' own text.
        await using var command = new NpgsqlCommand(sql, _connection) { AllResultTypesAreUnknown = true, CommandTimeout = 15 };
#pragma warning restore CA2100
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<string[]>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(column => reader.IsDBNull(column) ? "" : reader.GetString(column))]);
        }

        return rows;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
