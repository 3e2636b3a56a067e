using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SafeTools.Corpus.Entries;

/// <summary>A corpus as it lies on disk: one JSON object a line.</summary>
internal static class EntryFile
{
    /// <exception cref="FormatException">A line is not an entry, an id comes twice, or there is none; the message names the line.</exception>
    public static IReadOnlyList<Entry> Read(string path)
    {
        var entries = File.ReadLines(path)
            .Select((line, index) => (Line: line, Number: index + 1))
            .Where(line => !string.IsNullOrWhiteSpace(line.Line))
            .Select(line => Parse(line.Line, line.Number))
            .ToArray();
        var twice = entries.GroupBy(entry => entry.Id).FirstOrDefault(same => same.Count() > 1)?.Key;
        return twice is not null ? throw new FormatException($"The id {twice} comes twice.")
            : entries.Length == 0 ? throw new FormatException("The file holds no entry.")
            : entries;
    }

    private static Entry Parse(string line, int number)
    {
        try
        {
            var map = JsonNode.Parse(line)!.AsObject();
            var leak = map["leak"]?.GetValue<string>();
            _ = leak is null ? null : new Regex(leak);
            return new Entry(Text("id"), Text("category"), Text("sql"), Text("effect"), leak);

            string Text(string name) => map[name]?.GetValue<string>() ?? throw new FormatException($"it has no '{name}'");
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException or ArgumentException or NullReferenceException)
        {
            throw new FormatException($"Line {number} is no entry: {fault.Message}", fault);
        }
    }
}
