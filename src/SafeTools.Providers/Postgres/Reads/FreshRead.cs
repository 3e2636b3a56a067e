using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>One call on a session of its own: a read-only transaction that always ends in ROLLBACK, after which the session is ended too.</summary>
internal sealed class FreshRead : IAsyncDisposable
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(3);

    private readonly Session _session;
    private readonly NpgsqlTransaction _transaction;
    private readonly List<NpgsqlCommand> _commands = [];
    private NpgsqlDataReader? _reader;
    private NpgsqlCommand? _running;
    private bool _unread;

    private FreshRead(Session session, NpgsqlTransaction transaction, ServerFacts facts, string stamp) =>
        (_session, _transaction, Facts, Stamp) = (session, transaction, facts, stamp);

    public Session Session => _session;

    public NpgsqlConnection Connection => _session.Connection;

    /// <summary>What the server says inside the transaction.</summary>
    public ServerFacts Facts { get; }

    /// <summary>The catalogue's stamp inside the transaction.</summary>
    public string Stamp { get; }

    /// <summary>Begins. One round trip: BEGIN goes ahead of the first statement.</summary>
    /// <exception cref="NpgsqlException">The server did not answer.</exception>
    public static async Task<FreshRead> Begin(Session session, Layers layers, TimeSpan time, CancellationToken cancellationToken)
    {
        // Read only by default_transaction_read_only: Npgsql's BEGIN has no word for it.
        var transaction = await session.Connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        var batch = session.Connection.CreateBatch();
        await using var _ = batch.ConfigureAwait(false);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(layers.Timeouts ? SessionSettings.StatementTimeout(time, local: true) : "set local statement_timeout = 0"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(ServerFacts.Sql));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(CatalogueQueries.Stamp));
        var reader = await batch.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var __ = reader.ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        var facts = ServerFacts.Read(reader);
        await reader.NextResultAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        return new FreshRead(session, transaction, facts, reader.GetString(0));
    }

    /// <summary>A command whose values come as text. It lives as long as this read.</summary>
    public NpgsqlCommand Command(string sql)
    {
        var command = new NpgsqlCommand(sql, Connection) { AllResultTypesAreUnknown = true };
        _commands.Add(command);
        return command;
    }

    /// <summary>Runs a command and reads what it answers, within the limits.</summary>
    /// <exception cref="NpgsqlException">The server refused, or did not answer.</exception>
    public async Task<Execution> Answer(NpgsqlCommand command, Limits limits, IReadOnlyDictionary<uint, CatalogType> types, CancellationToken cancellationToken)
    {
        _running = command;
        _reader = await command.ExecuteReaderAsync(System.Data.CommandBehavior.SequentialAccess, cancellationToken).ConfigureAwait(false);
        _unread = true;
        var answer = await RowStream.Read(_reader, limits, types, cancellationToken).ConfigureAwait(false);
        _unread = answer.LeftUnread;
        if (!_unread)
        {
            // Ends the command, so that an error after the last row is seen before the answer goes out.
            await _reader.DisposeAsync().ConfigureAwait(false);
            _reader = null;
        }

        return answer.Execution;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await End().WaitAsync(EndPatience).ConfigureAwait(false);
        }
        catch (Exception fault) when (ServerFault.KnowsOrStopped(fault) || fault is InvalidOperationException)
        {
            // It is ended by the server then, which sees that nobody is there.
        }

        await _session.DisposeAsync().ConfigureAwait(false);
    }

    private async Task End()
    {
        if (_unread && _running is { } running)
        {
            // Rows that nobody wants would otherwise be read to their end, whether the limit was reached or the client gave up.
            await StopSignal.OnOwnThread(running.Cancel).ConfigureAwait(false);
        }

        if (_reader is { } reader)
        {
            try
            {
                await reader.DisposeAsync().ConfigureAwait(false);
            }
            catch (PostgresException)
            {
                // Cancelled, as asked.
            }
        }

        if (Connection.FullState == System.Data.ConnectionState.Open)
            await _transaction.RollbackAsync().ConfigureAwait(false);
        await _transaction.DisposeAsync().ConfigureAwait(false);
        foreach (var command in _commands)
            await command.DisposeAsync().ConfigureAwait(false);
    }
}
