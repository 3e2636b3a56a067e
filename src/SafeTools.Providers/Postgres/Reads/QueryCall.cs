using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>One call of postgres.query: SQL that an agent wrote, behind every layer.</summary>
internal static class QueryCall
{
    /// <exception cref="NpgsqlException">The server refused, or did not answer.</exception>
    public static async Task<Execution> Run(FreshRead read, ReadText text, Limits limits, CurrentCatalogue current, Layers layers, CancellationToken cancellationToken)
    {
        if (text.Kind == ReadKind.Show || !layers.ParseGate)
            return await Answer(read, text, null, limits, null, cancellationToken).ConfigureAwait(false);
        var catalogue = await current.At(read.Stamp, read.Connection, cancellationToken).ConfigureAwait(false);
        if (catalogue.Hazards.Any(name => Holds(text.Names, name)))
            return Failed(RefusalCatalog.NotOnTheAllowList.Because("The statement names a type whose values run somebody's code, or a table or function that uses one."));

        await Show(read.Connection, cancellationToken).ConfigureAwait(false);
        var command = read.Command(text.Body);
        read.Session.Trees.Take();
        await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
        var trees = read.Session.Trees.Take();
        if (trees is not [var tree])
            return Failed(RefusalCatalog.NotARead.Because("The statement is more or less than one query, or runs code while it is analysed."));
        var verdict = current.Judge(tree, catalogue, signed: false);
        if (verdict.Refusal is { } refusal)
            return Failed(refusal);
        if (verdict.Gathers && await PlanWeight.Judge(read.Connection, text.Body, cancellationToken).ConfigureAwait(false) is { } heavy)
            return Failed(heavy);
        read.Session.Trees.Take();
        var answer = await Answer(read, text, command, limits, catalogue, cancellationToken).ConfigureAwait(false);
        // Analysed anew in between, because something that it uses was changed meanwhile: then it is not what was judged.
        var anew = text.Kind == ReadKind.Select ? read.Session.Trees.Take().Select(other => current.Judge(other, catalogue, signed: true).Refusal).FirstOrDefault(why => why is not null) : null;
        return anew is null ? answer : Failed(anew);
    }

    private static async Task<Execution> Answer(FreshRead read, ReadText text, NpgsqlCommand? prepared, Limits limits, Catalogue? catalogue, CancellationToken cancellationToken)
    {
        var command = prepared is not null && text.Kind == ReadKind.Select ? prepared : read.Command(text.Run);
        return await read.Answer(command, limits, catalogue?.ResultTypes ?? System.Collections.Frozen.FrozenDictionary<uint, CatalogType>.Empty, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>From here to the end of the transaction, every analysis is shown.</summary>
    private static async Task Show(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(SessionSettings.ShowTrees(on: true, local: true), connection);
        await using var _ = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A run of operator characters may be divided anywhere by the server, so a hazardous operator may stand inside one.</summary>
    private static bool Holds(IReadOnlySet<string> names, string hazard) =>
        names.Contains(hazard) || (!char.IsLetterOrDigit(hazard[0]) && hazard[0] != '_' && names.Any(name => name.Contains(hazard, StringComparison.Ordinal)));

    private static Execution.Failed Failed(Refusal why) => new(why);
}
