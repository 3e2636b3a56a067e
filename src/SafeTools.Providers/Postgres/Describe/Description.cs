using System.Text.Json.Nodes;
using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>What <c>postgres.describe</c> answers: what this credential may read, and how it is built. Names are data of the database.</summary>
internal static class Description
{
    /// <summary>
    /// Without a relation the tables and views, of one schema or of all: <c>{"relations":[{"schema","name","kind","row_estimate","bytes_estimate","columns"}]}</c>;
    /// with one, that relation (<see cref="RelationDescription"/>), or the list of those of that name where several schemas have one.
    /// Estimates are the server's, of its last ANALYZE; null before the first. Faults come out as exceptions (<see cref="ServerFault"/>).
    /// </summary>
    /// <param name="connection">Inside a transaction that only reads, with pg_catalog first in its search path.</param>
    public static async Task<Execution> Of(NpgsqlConnection connection, string? schema, string? relation, Limits limits, CancellationToken cancellationToken)
    {
        if (!IsName(schema) || !IsName(relation))
            return NoSuchItem();
        var description = new BoundedDescription(limits);
        var rows = await CatalogueRows.Read(connection, DescriptionQueries.Relations, [schema, relation, description.MostRows], cancellationToken).ConfigureAwait(false);
        if (rows.Count == 0 && (schema ?? relation) is not null)
            return NoSuchItem();
        if (relation is not null && rows.Count == 1)
            return await RelationDescription.Of(connection, rows[0], description, cancellationToken).ConfigureAwait(false);
        description.AddLists(("relations", rows.Select(Overview)));
        return description.Finish();
    }

    private static JsonObject Overview(string?[] row) => new()
    {
        ["schema"] = row[1],
        ["name"] = row[2],
        ["kind"] = Kind(row[3]),
        ["row_estimate"] = Number(row[4]),
        ["bytes_estimate"] = Number(row[5]),
        ["columns"] = Number(row[6]),
    };

    internal static string Kind(string? kind) => kind switch
    {
        "r" => "table",
        "p" => "partitioned table",
        "v" => "view",
        "m" => "materialized view",
        _ => "other",
    };

    internal static JsonValue? Number(string? text) => long.TryParse(text, out var number) ? JsonValue.Create(number) : null;

    /// <summary>What the protocol cannot carry names nothing.</summary>
    private static bool IsName(string? name) => name is null || (!name.Contains('\0', StringComparison.Ordinal) && !HoldsHalfAPair(name));

    private static bool HoldsHalfAPair(string name)
    {
        for (var at = 0; at < name.Length; at++)
        {
            if (char.IsSurrogatePair(name, at))
                at++;
            else if (char.IsSurrogate(name[at]))
                return true;
        }

        return false;
    }

    /// <summary>The same words for what is not there and for what may not be read.</summary>
    private static Execution.Failed NoSuchItem() => new(RefusalCatalog.NoSuchItem.Because("There is nothing of that name that the credential may read."));
}
