using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace SafeTools.Providers.Postgres;

/// <summary>Puts together a description that keeps to its limits: each list to the rows, the whole to the bytes.</summary>
internal sealed class BoundedDescription(Limits limits)
{
    /// <summary>Braces, and <c>"truncated":false</c>.</summary>
    private const int Around = 2 + 17;

    private readonly JsonObject _json = [];
    private long _bytes = Around;
    private bool _truncated;

    /// <summary>One more than the limit, so that it shows whether there is more.</summary>
    public string MostRows => (limits.Rows + 1L).ToString(CultureInfo.InvariantCulture);

    /// <summary>So many rows came, before they were told apart.</summary>
    public void Saw(int rows) => _truncated |= rows > limits.Rows;

    public void Add(string name, JsonNode? value)
    {
        _bytes += SizeOf(name) + SizeOf(value);
        _json[name] = value;
    }

    /// <summary>As many items as fit, the first lists first; where some do not, the whole is marked as truncated.</summary>
    public void AddLists(params (string Name, IEnumerable<JsonNode?> Items)[] lists)
    {
        // All of their brackets before any item, or a long first list would leave no room for them.
        _bytes += lists.Sum(list => SizeOf(list.Name) + 2);
        foreach (var (name, items) in lists)
            _json[name] = Fitting(items);
    }

    public Execution Finish()
    {
        _json["truncated"] = _truncated;
        return _bytes > limits.Bytes
            ? new Execution.Failed(RefusalCatalog.StatementTooCostly.Because("The description does not fit into the limit of bytes. Ask for one schema or one table."))
            : new Execution.Done(_json);
    }

    private JsonArray Fitting(IEnumerable<JsonNode?> items)
    {
        var list = new JsonArray();
        foreach (var item in items)
        {
            var size = SizeOf(item) + 1;
            if (list.Count == limits.Rows || _bytes + size > limits.Bytes)
            {
                _truncated = true;
                break;
            }

            _bytes += size;
            list.Add(item);
        }

        return list;
    }

    /// <summary>With quotes, colon and comma.</summary>
    private static long SizeOf(string name) => name.Length + 4;

    private static long SizeOf(JsonNode? value) => value is null ? 4 : Encoding.UTF8.GetByteCount(value.ToJsonString());
}
