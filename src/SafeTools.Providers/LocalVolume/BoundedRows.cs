using System.Text;
using System.Text.Json.Nodes;

namespace SafeTools.Providers.LocalVolume;

/// <summary>Puts as many rows into an answer as its limits allow and says when there were more.</summary>
internal static class BoundedRows
{
    private const int Around = 64;

    public static JsonObject With(this JsonObject answer, string name, IEnumerable<JsonObject> rows, Limits limits)
    {
        var (array, bytes) = (new JsonArray(), Encoding.UTF8.GetByteCount(answer.ToJsonString()) + name.Length + Around);
        var truncated = false;
        foreach (var row in rows)
        {
            bytes += Encoding.UTF8.GetByteCount(row.ToJsonString()) + 1;
            if (truncated = array.Count == limits.Rows || bytes > limits.Bytes)
                break;
            array.Add((JsonNode)row);
        }
        answer[name] = array;
        if (truncated)
            answer["truncated"] = true;
        return answer;
    }

    public static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
