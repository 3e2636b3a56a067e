using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace SafeTools.Server.State;

/// <summary>How values stand in columns: times as Unix milliseconds, documents as the text that was hashed.</summary>
internal static class Columns
{
    public static string? Text(this SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static DateTimeOffset Time(this SqliteDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    /// <summary>Text that every reader may parse as a JSON object.</summary>
    public static string Json(this SqliteDataReader row, int column)
    {
        var text = row.GetString(column);
        return JsonNode.Parse(text) is JsonObject ? text : throw new FormatException("Not a JSON object.");
    }
}
