using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// The node types that a read may be made of, with every field that each has in one major version of the server and what is to be done with it.
/// A node or field that is not here refuses. Parsed from text, so that a reader can hold it against the server's own src/backend/nodes/outfuncs.c.
/// </summary>
internal sealed class NodeTable
{
    private readonly FrozenDictionary<string, FrozenDictionary<string, FieldRole>> _nodes;

    private NodeTable(FrozenDictionary<string, FrozenDictionary<string, FieldRole>> nodes) => _nodes = nodes;

    /// <summary>The table of a server's major version; null where its form is not known.</summary>
    public static NodeTable? Of(int major) => Known.TryGetValue(major, out var table) ? table.Value : null;

    /// <summary>Every major version whose trees are understood.</summary>
    public static IEnumerable<int> Majors => Known.Keys.Order();

    public bool TryNode(string name, [NotNullWhen(true)] out FrozenDictionary<string, FieldRole>? fields) => _nodes.TryGetValue(name, out fields);

    private static readonly FrozenDictionary<int, Lazy<NodeTable>> Known = new Dictionary<int, Lazy<NodeTable>>
    {
        [15] = new(() => Parse(Postgres15.Nodes)),
        [16] = new(() => Parse(Postgres15.Nodes, Postgres16.Changes)),
        [17] = new(() => Parse(Postgres15.Nodes, Postgres16.Changes, Postgres17.Changes)),
        [18] = new(() => Parse(Postgres15.Nodes, Postgres16.Changes, Postgres17.Changes, Postgres18.Changes)),
    }.ToFrozenDictionary();

    /// <summary>Lines of <c>NODE field:role field:role …</c>; a line that begins with a space goes on. A later text's node takes the place of an earlier one's.</summary>
    private static NodeTable Parse(params string[] texts)
    {
        var nodes = new Dictionary<string, FrozenDictionary<string, FieldRole>>(StringComparer.Ordinal);
        foreach (var line in texts.SelectMany(Lines))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            nodes[words[0]] = words.Skip(1).Select(FieldRole.Parse).ToFrozenDictionary(field => field.Name, field => field.Role, StringComparer.Ordinal);
        }

        return new NodeTable(nodes.ToFrozenDictionary(StringComparer.Ordinal));
    }

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").Replace("\n ", " ", StringComparison.Ordinal).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
