using Npgsql;
using NpgsqlTypes;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// One call of postgres.statement: SQL that the accepted policy holds, prepared once on its session after its tree was judged; then one round trip a call,
/// its own read-only transaction. Whenever the server analyses it anew, because something that it uses was changed, the server shows the new tree in that
/// very call, and no answer goes out before that tree was judged too.
/// </summary>
internal sealed class StatementCall(Session session, OperationRequest request, CurrentCatalogue current, Layers layers)
{
    private readonly string _sql = request.Settings.Text(PostgresSettings.Statement);

    /// <summary>Rows that nobody wants are still on their way: the session is not to be used again.</summary>
    public bool LeftUnread { get; private set; }

    /// <summary>Prepares the statement on this session where it is not yet. Null: it is good.</summary>
    /// <exception cref="NpgsqlException">The server refused, or did not answer.</exception>
    public async Task<Refusal?> Prepare(CancellationToken cancellationToken)
    {
        if (session.Prepared.ContainsKey(_sql))
            return null;
        if (layers.ParseGate)
            await Do(SessionSettings.ShowTrees(on: true, local: false), cancellationToken).ConfigureAwait(false);
        var command = new NpgsqlCommand(_sql, session.Connection) { AllResultTypesAreUnknown = true };
        foreach (var _ in request.Parameters)
            command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Unknown, Value = DBNull.Value });
        session.Trees.Take();
        await command.PrepareAsync(cancellationToken).ConfigureAwait(false);
        if (layers.ParseGate && await Judge(session.Trees.Take(), first: true, cancellationToken).ConfigureAwait(false) is { } refusal)
        {
            await command.DisposeAsync().ConfigureAwait(false);
            return refusal;
        }

        session.Prepared[_sql] = command;
        return null;
    }

    /// <exception cref="NpgsqlException">The server refused, or did not answer.</exception>
    public async Task<Execution> Run(CancellationToken cancellationToken)
    {
        var command = session.Prepared[_sql];
        for (var index = 0; index < request.Parameters.Count; index++)
        {
            var value = request.Parameters[index].Fixed ?? request.Arguments.Values.GetValueOrDefault(request.Parameters[index].Name);
            command.Parameters[index].Value = (object?)StatementText.Value(value) ?? DBNull.Value;
        }

        var reader = await command.ExecuteReaderAsync(System.Data.CommandBehavior.SequentialAccess, cancellationToken).ConfigureAwait(false);
        var answer = await Rows(command, reader, cancellationToken).ConfigureAwait(false);
        if (!layers.ParseGate)
            return answer.Execution;
        var anew = session.Trees.Take();
        if (anew.Count > 0 && LeftUnread)
            return new Execution.Failed(RefusalCatalog.ResourceUnavailable.Because("The schema changed during the call. Nothing was done; call again."));
        return anew.Count > 0 && await Judge(anew, first: false, cancellationToken).ConfigureAwait(false) is { } refusal ? new Execution.Failed(refusal) : answer.Execution;
    }

    /// <summary>However it ends, the server is not left at work on rows that nobody wants.</summary>
    private async Task<RowAnswer> Rows(NpgsqlCommand command, NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        LeftUnread = true;
        try
        {
            var answer = await RowStream.Read(reader, request.Limits, current.ResultTypes, cancellationToken).ConfigureAwait(false);
            LeftUnread = answer.LeftUnread;
            if (!LeftUnread)
                await reader.DisposeAsync().ConfigureAwait(false);
            return answer;
        }
        catch (PostgresException fault) when (!ServerFault.EndsSession(fault))
        {
            LeftUnread = false;
            throw;
        }
        finally
        {
            if (LeftUnread)
                _ = StopSignal.OnOwnThread(command.Cancel);
        }
    }

    private async Task<Refusal?> Judge(IReadOnlyList<string> trees, bool first, CancellationToken cancellationToken)
    {
        if (first && trees.Count != 1)
            return RefusalCatalog.NotARead.Because("The statement is more or less than one query, or runs code while it is analysed.");
        await Do(SessionSettings.ShowTrees(on: false, local: false), cancellationToken).ConfigureAwait(false);
        var stamp = await CatalogueReader.Stamp(session.Connection, cancellationToken).ConfigureAwait(false);
        var catalogue = await current.At(stamp, session.Connection, cancellationToken).ConfigureAwait(false);
        await Do(SessionSettings.ShowTrees(on: true, local: false), cancellationToken).ConfigureAwait(false);
        session.Trees.Take();
        foreach (var tree in trees)
        {
            if (current.Judge(tree, catalogue, signed: true).Refusal is { } refusal)
                return refusal;
        }

        return first ? ParameterTypes.Fault(new TreeValue.Items("", TreeText.Read(trees[0])), request.Parameters) : null;
    }

    private async Task Do(string statement, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(statement, session.Connection);
        await using var _ = command.ConfigureAwait(false);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
