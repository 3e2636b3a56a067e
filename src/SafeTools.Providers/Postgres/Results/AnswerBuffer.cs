using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// The answer as the bytes that it will be: <c>{"columns":[…],"rows":[…],"row_count":n,"truncated":false,"cut":[…]}</c>. So it is known to the byte how much
/// still fits, and nothing beyond that is held.
/// </summary>
internal sealed class AnswerBuffer : IDisposable
{
    private const string Start = "{\"columns\":";
    private const string AfterColumns = ",\"rows\":[";
    private const string AfterRows = "],\"row_count\":";
    private const string AfterCount = ",\"truncated\":";
    private const string AfterTruncated = ",\"cut\":[";
    private const string End = "]}";

    private static readonly int Around =
        Start.Length + AfterColumns.Length + AfterRows.Length + AfterCount.Length + "false".Length + AfterTruncated.Length + End.Length;

    private readonly long _most;
    private readonly byte[] _columns;
    private readonly byte[][] _names;
    private readonly bool[] _cut;
    private readonly MemoryStream _rows = new();
    private readonly List<int> _cutInRow = [];
    private long _cutBytes;
    private int _column;
    private long _rowStart;

    public AnswerBuffer(IReadOnlyList<(string Name, string Type)> columns, long most)
    {
        _most = Math.Min(most, Array.MaxLength / 2);
        _columns = Columns(columns);
        _names = [.. columns.Select(column => Text(column.Name))];
        _cut = new bool[columns.Count];
    }

    public int Rows { get; private set; }

    /// <summary>Whether there is room for an answer without rows.</summary>
    public bool Fits => Size(Rows) <= _most;

    /// <summary>How large the next value of the row under way may be, in bytes; what must follow it is counted.</summary>
    public long Left => _most - Size(Rows + 1) - 1 - (_column > 0 ? 1 : 0);

    public void BeginRow()
    {
        _rowStart = _rows.Length;
        _column = 0;
        _cutInRow.Clear();
        if (Rows > 0)
            _rows.WriteByte((byte)',');
        _rows.WriteByte((byte)'[');
    }

    /// <summary>What noting that a value of this column was cut takes, in bytes.</summary>
    public int CutNote(int column) => _cut[column] ? 0 : _names[column].Length + 1;

    /// <summary>The row's next value. False where it does not fit.</summary>
    public bool TryAdd(ReadOnlySpan<byte> value, bool cut)
    {
        var note = cut ? CutNote(_column) : 0;
        if (value.Length + note > Left)
            return false;
        if (_column > 0)
            _rows.WriteByte((byte)',');
        _rows.Write(value);
        if (note > 0)
        {
            _cut[_column] = true;
            _cutInRow.Add(_column);
            _cutBytes += note;
        }

        _column++;
        return true;
    }

    /// <summary>False where not even the row's end fits, which only a row without values can meet.</summary>
    public bool TryEndRow()
    {
        if (Size(Rows + 1) + 1 > _most)
            return false;
        _rows.WriteByte((byte)']');
        Rows++;
        return true;
    }

    public void DropRow()
    {
        _rows.SetLength(_rowStart);
        foreach (var column in _cutInRow)
        {
            _cut[column] = false;
            _cutBytes -= _names[column].Length + 1;
        }
    }

    public JsonObject Finish(bool truncated)
    {
        var json = new ArrayBufferWriter<byte>((int)Size(Rows));
        Add(json, Start);
        json.Write(_columns);
        Add(json, AfterColumns);
        json.Write(_rows.GetBuffer().AsSpan(0, (int)_rows.Length));
        Add(json, AfterRows + Rows.ToString(CultureInfo.InvariantCulture) + AfterCount + (truncated ? "true" : "false") + AfterTruncated);
        var first = true;
        for (var column = 0; column < _cut.Length; column++)
        {
            if (!_cut[column])
                continue;
            if (!first)
                json.Write(","u8);
            json.Write(_names[column]);
            first = false;
        }

        Add(json, End);
        return JsonObject.Create(JsonElement.Parse(json.WrittenSpan))!;
    }

    public void Dispose() => _rows.Dispose();

    private static void Add(ArrayBufferWriter<byte> json, string text) => Encoding.UTF8.GetBytes(text, json);

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(text)}\"");

    private static byte[] Columns(IReadOnlyList<(string Name, string Type)> columns)
    {
        var json = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(json);
        writer.WriteStartArray();
        foreach (var (name, type) in columns)
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteString("type", type);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.Flush();
        return json.WrittenSpan.ToArray();
    }

    /// <summary>Of the whole answer as it stands, with this many rows. One comma too many is counted where values were cut.</summary>
    private long Size(int rows) => _columns.Length + Around + _rows.Length + Digits(rows) + _cutBytes;

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;
}
