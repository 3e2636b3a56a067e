using System.Data;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace SafeTools.Providers.Postgres;

/// <summary>Asks the catalogue and reads every value as text, so that a name that is not UTF-8 hides nothing else.</summary>
internal static class CatalogueRows
{
    /// <param name="sql">A constant of this program; its parameters are texts, which it casts.</param>
    public static async Task<IReadOnlyList<string?[]>> Read(NpgsqlConnection connection, string sql, IEnumerable<string?> parameters, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        await using (command.ConfigureAwait(false))
        {
            foreach (var parameter in parameters)
                command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = parameter ?? (object)DBNull.Value });
            var reader = await command.ExecuteReaderAsync(CommandBehavior.SequentialAccess, cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var (rows, bytes) = (new List<string?[]>(), new ColumnBytes());
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    var row = new string?[reader.FieldCount];
                    for (var column = 0; column < row.Length; column++)
                        row[column] = await bytes.Read(reader, column, ValueJson.Longest, cancellationToken).ConfigureAwait(false) ? Encoding.UTF8.GetString(bytes.First) : null;
                    rows.Add(row);
                }

                return rows;
            }
        }
    }
}
