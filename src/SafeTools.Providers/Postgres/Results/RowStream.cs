using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// Turns the rows of a reader into the answer while they arrive, and stops at the first limit. The reader is of a command with
/// <c>AllResultTypesAreUnknown</c>, so that the server writes every value as text, and of <c>CommandBehavior.SequentialAccess</c>, so that none is held whole.
/// </summary>
internal sealed class RowStream : IDisposable
{
    private readonly NpgsqlDataReader _reader;
    private readonly Limits _limits;
    private readonly ColumnType[] _types;
    private readonly AnswerBuffer _answer;
    private readonly ColumnBytes _bytes = new();
    private readonly ValueJson _value = new();

    private RowStream(NpgsqlDataReader reader, Limits limits, IReadOnlyDictionary<uint, CatalogType> types)
    {
        (_reader, _limits) = (reader, limits);
        _types = [.. Enumerable.Range(0, reader.FieldCount).Select(column => ColumnType.Of(reader, column, types))];
        _answer = new AnswerBuffer([.. _types.Select((type, column) => (reader.GetName(column), type.Name))], limits.Bytes);
    }

    /// <summary>
    /// Faults of the connection and of the server come out as exceptions (<see cref="ServerFault"/>). After a cancellation the server may still be sending,
    /// as after <see cref="RowAnswer.LeftUnread"/>.
    /// </summary>
    /// <param name="types">What the catalogue says about types of users; may lack any, whose values are then text.</param>
    public static async Task<RowAnswer> Read(
        NpgsqlDataReader reader, Limits limits, IReadOnlyDictionary<uint, CatalogType> types, CancellationToken cancellationToken)
    {
        using var stream = new RowStream(reader, limits, types);
        return await stream.Read(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _value.Dispose();
        _answer.Dispose();
    }

    private async Task<RowAnswer> Read(CancellationToken cancellationToken)
    {
        if (!_answer.Fits)
            return TooLarge("The column names alone exceed the limit of bytes. Ask for fewer columns.");
        while (await _reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_answer.Rows >= _limits.Rows)
                return Truncated();
            _answer.BeginRow();
            if (await TryRow(cancellationToken).ConfigureAwait(false) && _answer.TryEndRow())
                continue;
            _answer.DropRow();
            return _answer.Rows == 0 ? TooLarge("Not even the first row fits into the limit of bytes. Ask for fewer columns.") : Truncated();
        }

        return new RowAnswer(new Execution.Done(_answer.Finish(truncated: false)), LeftUnread: false);
    }

    private static RowAnswer TooLarge(string words) => new(new Execution.Failed(RefusalCatalog.StatementTooCostly.Because(words)), LeftUnread: true);

    private RowAnswer Truncated() => new(new Execution.Done(_answer.Finish(truncated: true)), LeftUnread: true);

    private async Task<bool> TryRow(CancellationToken cancellationToken)
    {
        for (var column = 0; column < _types.Length; column++)
        {
            if (await _bytes.Read(_reader, column, ValueJson.MostOf(_types[column]), cancellationToken).ConfigureAwait(false) ? !TryValue(column) : !TryNull())
                return false;
        }

        return true;
    }

    private bool TryNull()
    {
        _value.Null();
        return _answer.TryAdd(_value.Json, cut: false);
    }

    /// <summary>
    /// A value longer than <see cref="ValueJson.Longest"/> is cut there. One that does not fit into what is left ends the answer before its row,
    /// but in the first row it is cut to what fits: some of a row says more than none.
    /// </summary>
    private bool TryValue(int column)
    {
        var type = _types[column];
        var room = _answer.Rows == 0 ? Room(column) : _answer.Left;
        if (_bytes.Whole)
        {
            _value.Whole(type, _bytes.First);
            if (_value.Json.Length <= Math.Max(room, ValueJson.SmallestCut) || _answer.Rows > 0)
                return _answer.TryAdd(_value.Json, cut: false);
        }

        var most = _answer.Rows == 0 ? room - _answer.CutNote(column) : long.MaxValue;
        return _value.Cut(type, _bytes.First, _bytes.Total, Math.Max(most, ValueJson.SmallestCut)) && _answer.TryAdd(_value.Json, cut: true);
    }

    /// <summary>What a value of the first row may take, so that those after it can still be cut rather than left out.</summary>
    private long Room(int column)
    {
        var left = _answer.Left;
        var reserved = 0L;
        for (var after = column + 1; after < _types.Length; after++)
            reserved += 1 + ValueJson.SmallestCut + _answer.CutNote(after);
        return Math.Max(left - reserved, left / (_types.Length - column));
    }
}
