using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SQLitePCL;

namespace SafeTools.Providers.Sqlite;

/// <summary>Turns a statement's rows into the answer, and stops at the first limit.</summary>
internal sealed class RowReader(ReadOnlyDatabase database, sqlite3_stmt statement, Limits limits, Deadline deadline)
{
    /// <summary>The digits that row_count may grow by.</summary>
    private const int Spare = 16;

    private readonly ArrayBufferWriter<byte> _scratch = new();

    public Execution Read()
    {
        var columns = Columns();
        var rows = new JsonArray();
        var left = limits.Bytes - Spare - SizeOf(Answer(columns, [], truncated: false));
        if (left < 0)
            return new Execution.Failed(RefusalCatalog.StatementTooCostly.Because("The column names alone exceed the limit of bytes."));
        int code;
        while ((code = raw.sqlite3_step(statement)) == raw.SQLITE_ROW)
        {
            if (deadline.Over)
                return new Execution.Failed(database.Fault(raw.SQLITE_INTERRUPT));
            if (rows.Count >= limits.Rows || Row(left) is not { } row || (left -= SizeOf(row) + 1) < 0)
                return new Execution.Done(Answer(columns, rows, truncated: true));
            rows.Add((JsonNode)row);
        }

        return code == raw.SQLITE_DONE ? new Execution.Done(Answer(columns, rows, truncated: false)) : new Execution.Failed(database.Fault(code));
    }

    private static JsonObject Answer(JsonArray columns, JsonArray rows, bool truncated) => new()
    {
        ["columns"] = columns.Parent is null ? columns : columns.DeepClone(),
        ["rows"] = rows,
        ["row_count"] = rows.Count,
        ["truncated"] = truncated,
    };

    private JsonArray Columns()
    {
        var columns = new JsonArray();
        for (var index = 0; index < raw.sqlite3_column_count(statement); index++)
            columns.Add((JsonNode?)JsonValue.Create(raw.sqlite3_column_name(statement, index).utf8_to_string()));
        return columns;
    }

    /// <summary>Null where the values alone are larger than what is left, so that a wide row is never held twice.</summary>
    private JsonArray? Row(long left)
    {
        var row = new JsonArray();
        for (var index = 0; index < raw.sqlite3_column_count(statement); index++)
        {
            if (raw.sqlite3_column_type(statement, index) is raw.SQLITE_TEXT or raw.SQLITE_BLOB && (left -= raw.sqlite3_column_bytes(statement, index)) < 0)
                return null;
            row.Add(Value(index));
        }

        return row;
    }

    private JsonNode? Value(int index) => raw.sqlite3_column_type(statement, index) switch
    {
        raw.SQLITE_INTEGER => JsonValue.Create(raw.sqlite3_column_int64(statement, index)),
        raw.SQLITE_FLOAT => Real(raw.sqlite3_column_double(statement, index)),
        raw.SQLITE_TEXT => JsonValue.Create(Text(index)),
        raw.SQLITE_BLOB => Blob(raw.sqlite3_column_blob(statement, index)),
        _ => null,
    };

    /// <summary>JSON has no infinity; SQLite has, and turns what is not a number into null.</summary>
    private static JsonValue Real(double value) => double.IsFinite(value)
        ? JsonValue.Create(value)
        : JsonValue.Create(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");

    /// <summary>
    /// The first call makes the engine hold the value as UTF-8, the second reads it by length: text may hold NUL. Bytes that are not UTF-8 become U+FFFD.
    /// </summary>
    private string Text(int index)
    {
        _ = raw.sqlite3_column_text(statement, index);
        return Encoding.UTF8.GetString(raw.sqlite3_column_blob(statement, index));
    }

    private static JsonObject Blob(ReadOnlySpan<byte> bytes) => new()
    {
        ["base64"] = Convert.ToBase64String(bytes),
        ["bytes"] = bytes.Length,
    };

    private long SizeOf(JsonNode node)
    {
        _scratch.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(_scratch);
        node.WriteTo(writer);
        writer.Flush();
        return writer.BytesCommitted;
    }
}
