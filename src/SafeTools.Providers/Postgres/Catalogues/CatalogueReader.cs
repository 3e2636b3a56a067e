using System.Collections.Frozen;
using System.Globalization;
using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>Draws the allow list from the live catalogue, on a session of the credential itself.</summary>
internal sealed class CatalogueReader
{
    private readonly NpgsqlConnection _connection;
    private readonly IReadOnlyList<MaskedColumn> _masked;
    private readonly CancellationToken _cancellationToken;

    private CatalogueReader(NpgsqlConnection connection, IReadOnlyList<MaskedColumn> masked, CancellationToken cancellationToken) =>
        (_connection, _masked, _cancellationToken) = (connection, masked, cancellationToken);

    /// <exception cref="NpgsqlException">The server did not answer.</exception>
    public static Task<Catalogue> Read(NpgsqlConnection connection, IReadOnlyList<MaskedColumn> masked, CancellationToken cancellationToken) =>
        new CatalogueReader(connection, masked, cancellationToken).Read();

    /// <exception cref="NpgsqlException">The server did not answer.</exception>
    public static async Task<string> Stamp(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(CatalogueQueries.Stamp, connection);
        await using var _ = command.ConfigureAwait(false);
        return (string)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    private async Task<Catalogue> Read()
    {
        var stamp = await Stamp(_connection, _cancellationToken).ConfigureAwait(false);
        string[] extensions = [.. KnownExtensions.Names];
        var functions = (await Rows(CatalogueQueries.Functions).ConfigureAwait(false))
            .ToDictionary(row => Number(row[0]), row => new BuiltinFunction(row[1], FunctionRules.Use(row[1], row[2][0])));
        foreach (var row in await Rows(CatalogueQueries.ExtensionFunctions, extensions).ConfigureAwait(false))
            functions[Number(row[0])] = new BuiltinFunction(row[1], FunctionUse.Free);
        var operators = (await Rows(CatalogueQueries.Operators).ConfigureAwait(false))
            .Concat(await Rows(CatalogueQueries.ExtensionOperators, extensions).ConfigureAwait(false))
            .Where(row => functions.GetValueOrDefault(Number(row[1]))?.Use is not null)
            .Select(row => Number(row[0]));
        var sampling = await Rows(CatalogueQueries.SamplingMethods).ConfigureAwait(false);
        var bare = new Catalogue
        {
            Stamp = stamp,
            Major = _connection.PostgreSqlVersion.Major,
            Functions = functions.ToFrozenDictionary(),
            Operators = operators.ToFrozenSet(),
            SamplingMethods = sampling.Select(row => Number(row[0])).ToFrozenSet(),
            Types = FrozenDictionary<uint, string?>.Empty,
            Relations = FrozenDictionary<uint, RelationFacts>.Empty,
            Spreads = FrozenDictionary<string, RelationSpread>.Empty,
            ResultTypes = FrozenDictionary<uint, CatalogType>.Empty,
            Hazards = FrozenSet<string>.Empty,
        };
        return await WithTypes(bare, extensions).ConfigureAwait(false);
    }

    private async Task<Catalogue> WithTypes(Catalogue bare, string[] extensions)
    {
        var rows = (await Rows(CatalogueQueries.Types).ConfigureAwait(false)).Select(TypeOf).ToList();
        var columns = (await Rows(CatalogueQueries.Columns).ConfigureAwait(false)).ToDictionary(row => Number(row[0]), row => Numbers(row[1]));
        // A check is judged with the built-in types alone: a domain over a domain is judged by its own base.
        var plain = new TypeObjections(rows, columns, Array.Empty<(uint, bool)>().ToLookup(check => check.Item1, check => check.Item2));
        var judging = bare with { Types = Objections(plain) };
        var checks = (await Rows(CatalogueQueries.DomainChecks).ConfigureAwait(false)).ToLookup(row => Number(row[0]), row => Computes(row[1], judging));
        var objections = new TypeObjections(rows, columns, checks);
        var masked = await Masked().ConfigureAwait(false);
        var relations = (await Rows(CatalogueQueries.Relations, extensions).ConfigureAwait(false)).ToDictionary(row => Number(row[0]), row => RelationOf(row, objections, masked));
        var takers = await Rows(CatalogueQueries.Takers).ConfigureAwait(false);
        return bare with
        {
            Types = Objections(objections),
            Relations = relations.ToFrozenDictionary(),
            Spreads = (await Rows(CatalogueQueries.Spreads).ConfigureAwait(false))
                .ToFrozenDictionary(row => row[0], row => new RelationSpread((int)Number(row[1]), long.Parse(row[2], CultureInfo.InvariantCulture)), StringComparer.OrdinalIgnoreCase),
            ResultTypes = (await Rows(CatalogueQueries.ResultTypes).ConfigureAwait(false))
                .ToFrozenDictionary(row => Number(row[0]), row => new CatalogType(row[1], Number(row[2]), row[3][0])),
            Hazards = HazardNames(objections, relations, takers).ToFrozenSet(StringComparer.Ordinal),
        };
    }

    private static FrozenDictionary<uint, string?> Objections(TypeObjections objections) =>
        objections.All.ToFrozenDictionary(type => type.Number, type => objections.Of(type.Number)?.Words);

    private static bool Computes(string expression, Catalogue catalogue)
    {
        try
        {
            return TreeText.Read(expression) is [var tree] && TreeJudge.JudgeExpression(tree, catalogue) is null;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static RelationFacts RelationOf(string[] row, TypeObjections objections, ILookup<uint, int> masked)
    {
        var (kind, ofServer, ofExtension, reaches) = (row[3], bool.Parse(row[4]), bool.Parse(row[5]), bool.Parse(row[6]));
        var objection =
            ofServer ? "a table of the server's own catalogue"
            : ofExtension ? "a table or view of an extension"
            : kind == "f" ? "a foreign table, which reaches another server"
            : reaches ? "a table that has a foreign table among its partitions"
            : bool.Parse(row[7]) ? "a table with an index, check, statistic or partition that runs a function which is not built in"
            : objections.OfColumns(Number(row[0])) is { IsHazard: true } hazard ? hazard.Words
            : null;
        return new RelationFacts($"{row[1]}.{row[2]}", objection, masked[Number(row[0])].ToFrozenSet());
    }

    private static IEnumerable<string> HazardNames(TypeObjections objections, Dictionary<uint, RelationFacts> relations, IReadOnlyList<string[]> takers)
    {
        var hazards = objections.All.Where(type => objections.Of(type.Number) is { IsHazard: true }).ToDictionary(type => type.Number);
        // "_dom" is what the server calls an array of dom; in a statement it is dom with brackets.
        return hazards.Values.Select(type => type.Name)
            .Concat(relations.Where(relation => objections.OfColumns(relation.Key) is { IsHazard: true }).Select(relation => relation.Value.Name[(relation.Value.Name.IndexOf('.', StringComparison.Ordinal) + 1)..]))
            .Concat(takers.Where(taker => Numbers(taker[1]).Any(hazards.ContainsKey)).Select(taker => taker[0]));
    }

    private async Task<ILookup<uint, int>> Masked()
    {
        if (_masked.Count == 0)
            return Array.Empty<(uint, int)>().ToLookup(column => column.Item1, column => column.Item2);
        string[][] parts = [[.. _masked.Select(column => column.Schema)], [.. _masked.Select(column => column.Table)], [.. _masked.Select(column => column.Column)]];
        return (await Rows(CatalogueQueries.Masked, parts).ConfigureAwait(false)).ToLookup(row => Number(row[0]), row => int.Parse(row[1], CultureInfo.InvariantCulture));
    }

    private async Task<IReadOnlyList<string[]>> Rows(string sql, params string[][] parameters)
    {
        var command = new NpgsqlCommand(sql, _connection);
        await using var _ = command.ConfigureAwait(false);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = parameter });
        var reader = await command.ExecuteReaderAsync(_cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        var rows = new List<string[]>();
        while (await reader.ReadAsync(_cancellationToken).ConfigureAwait(false))
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)]);
        return rows;
    }

    private static TypeRow TypeOf(string[] row) => new(
        Number(row[0]), row[1], row[2][0], bool.Parse(row[3]), Number(row[4]), Number(row[5]), Number(row[6]), Number(row[7]), bool.Parse(row[8]), row[9], bool.Parse(row[10]));

    private static uint Number(string text) => uint.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private static IReadOnlyList<uint> Numbers(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Number)];
}
