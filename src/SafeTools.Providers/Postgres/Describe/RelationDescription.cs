using System.Text.Json.Nodes;
using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// One table or view: <c>{"schema","name","kind","row_estimate","bytes_estimate","columns":[…],"primary_key":[…],"unique":[[…]],"foreign_keys":[…],"checks":[…],"indexes":[…]}</c>.
/// Of a default, a check or an index's condition it says that there is one, not what it is: those may hold data.
/// </summary>
internal static class RelationDescription
{
    /// <param name="relation">As <see cref="DescriptionQueries.Relations"/> gives it.</param>
    public static async Task<Execution> Of(NpgsqlConnection connection, string?[] relation, BoundedDescription description, CancellationToken cancellationToken)
    {
        string?[] parameters = [relation[0], description.MostRows];
        var columns = await CatalogueRows.Read(connection, DescriptionQueries.Columns, parameters, cancellationToken).ConfigureAwait(false);
        var constraints = await CatalogueRows.Read(connection, DescriptionQueries.Constraints, parameters, cancellationToken).ConfigureAwait(false);
        var indexes = await CatalogueRows.Read(connection, DescriptionQueries.Indexes, parameters, cancellationToken).ConfigureAwait(false);

        description.Saw(constraints.Count);
        description.Add("schema", relation[1]);
        description.Add("name", relation[2]);
        description.Add("kind", Description.Kind(relation[3]));
        description.Add("row_estimate", Description.Number(relation[4]));
        description.Add("bytes_estimate", Description.Number(relation[5]));
        description.AddLists(
            ("columns", columns.Select(Column)),
            ("primary_key", OfKind(constraints, "p").SelectMany(row => Names(row[2]).Select(name => name?.DeepClone()))),
            ("unique", OfKind(constraints, "u").Select(row => Names(row[2]))),
            ("foreign_keys", OfKind(constraints, "f").Select(ForeignKey)),
            ("checks", OfKind(constraints, "c").Select(row => (JsonNode?)row[1])),
            ("indexes", indexes.Select(Index)));
        return description.Finish();
    }

    private static JsonNode Column(string?[] row)
    {
        var readable = Is(row[4]);
        var column = new JsonObject { ["name"] = row[0], ["type"] = row[1], ["nullable"] = Is(row[2]), ["default"] = Is(row[3]), ["readable"] = readable };
        if (!readable || row[5] is null)
            return column;
        var labels = Names(row[5]);
        var more = labels.Count > DescriptionQueries.MostLabels;
        if (more)
            labels.RemoveAt(DescriptionQueries.MostLabels);
        column["values"] = labels;
        if (more)
            column["more_values"] = true;
        return column;
    }

    private static JsonNode ForeignKey(string?[] row) => new JsonObject
    {
        ["columns"] = Names(row[2]),
        ["references"] = new JsonObject { ["schema"] = row[3], ["name"] = row[4], ["columns"] = Names(row[5]) },
    };

    private static JsonNode Index(string?[] row) => new JsonObject
    {
        ["name"] = row[0],
        ["method"] = row[1],
        ["unique"] = Is(row[2]),
        ["partial"] = Is(row[3]),
        ["columns"] = Names(row[4]),
    };

    private static IEnumerable<string?[]> OfKind(IReadOnlyList<string?[]> constraints, string kind) => constraints.Where(row => row[0] == kind);

    private static JsonArray Names(string? json) => json is null ? [] : JsonNode.Parse(json)!.AsArray();

    private static bool Is(string? value) => value == "t";
}
