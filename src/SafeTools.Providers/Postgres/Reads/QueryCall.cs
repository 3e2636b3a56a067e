using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>One call of postgres.query: SQL that an agent wrote, behind every layer.</summary>
internal static class QueryCall
{
    /// <summary>A recursion that drops what it had before keeps all of it in memory, which nothing bounds: about 100 MB in that time.</summary>
    private static readonly TimeSpan DistinctRecursion = TimeSpan.FromMilliseconds(500);

    /// <summary>The same for rows that are gathered while nobody knows how many there are.</summary>
    private static readonly TimeSpan GuessedGathering = TimeSpan.FromSeconds(1);

    /// <exception cref="NpgsqlException">The server refused, or did not answer.</exception>
    public static async Task<Execution> Run(FreshRead read, ReadText text, Limits limits, CurrentCatalogue current, Layers layers, CancellationToken cancellationToken)
    {
        if (text.Kind == ReadKind.Show || !layers.ParseGate)
            return await Answer(read, text, null, limits, null, cancellationToken).ConfigureAwait(false);
        var catalogue = await current.At(read.Stamp, read.Connection, cancellationToken).ConfigureAwait(false);
        if (catalogue.Hazards.Any(name => Holds(text.Names, name)))
            return Failed(RefusalCatalog.NotOnTheAllowList.Because("The statement names a type whose values run somebody's code, or a table or function that uses one."));

        if (TreeEstimate.Judge(text.Body, catalogue.Spreads) is { } large)
            return Failed(large);
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
        var (heavy, guessed) = verdict.Gathers ? await PlanWeight.Judge(read.Connection, text.Body, verdict.Width, cancellationToken).ConfigureAwait(false) : default;
        if (heavy is not null)
            return Failed(heavy);
        var hurry = verdict.Distinguishes ? DistinctRecursion : guessed ? GuessedGathering : (TimeSpan?)null;
        if (hurry >= limits.Time || !layers.Timeouts)
            hurry = null;
        if (hurry is { } time)
            await Do(read.Connection, SessionSettings.StatementTimeout(time, local: true), cancellationToken).ConfigureAwait(false);
        read.Session.Trees.Take();
        Execution answer;
        try
        {
            answer = await Answer(read, text, command, limits, catalogue, cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException fault) when (hurry is not null && fault.SqlState == PostgresErrorCodes.QueryCanceled && !cancellationToken.IsCancellationRequested)
        {
            return Failed(RefusalCatalog.StatementTooCostly.Because("The statement keeps in memory what comes of a recursion or a series, and that was too much. Bound it."));
        }

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
    private static Task Show(NpgsqlConnection connection, CancellationToken cancellationToken) => Do(connection, SessionSettings.ShowTrees(on: true, local: true), cancellationToken);

    private static async Task Do(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(statement, connection);
        await using var _ = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A run of operator characters may be divided anywhere by the server, so a hazardous operator may stand inside one.</summary>
    private static bool Holds(IReadOnlySet<string> names, string hazard) =>
        names.Contains(hazard) || (!char.IsLetterOrDigit(hazard[0]) && hazard[0] != '_' && names.Any(name => name.Contains(hazard, StringComparison.Ordinal)));

    private static Execution.Failed Failed(Refusal why) => new(why);
}
