namespace SafeTools.Tests.Support;

/// <summary>Single edits of the sample policy that each change what it means, over all its keys.</summary>
internal static class PolicyEdits
{
    private const string Main = "safetools.yaml";
    private const string Look = "tool-specs/look.yaml";
    private const string Label = "tool-specs/label.yaml";
    private const string Drop = "tool-specs/drop.yaml";
    private const string Orders = "tool-specs/orders.yaml";

    public static (string File, string Text, string By)[] All { get; } =
    [
        (Main, "{ qa: staging }", "{ qa: local }"),
        (Main, "{ qa: staging }", "{ qa: staging, live: staging }"),
        (Main, "provider: other\n", "provider: sample\n    place: there\n"),
        (Main, "environment: qa\n    place: here\n    marks", "environment: staging\n    place: here\n    marks"),
        (Main, "    place: here", "    place: there"),
        (Main, "      qa: [a, b]", "      qa: [a]"),
        (Main, "owner: olga", "owner: oscar"),
        (Main, "read:*@staging", "read:*@local"),
        (Main, "- label@staging", "- label@local"),
        (Main, "      - label@staging\n", ""),
        (Main, "name: alice", "name: alina"),
        (Main, Support.Files.Key, new Signer("alice").Key.Text),
        (Main, "[\"*@*\"]", "[\"*@staging\"]"),
        (Main, "production: 1", "production: 2"),
        (Main, "max_open_proposals: 5", "max_open_proposals: 6"),
        (Main, "proposal_life: 12h", "proposal_life: 13h"),
        (Main, "staging: 48h", "staging: 49h"),
        (Look, "tool: look", "tool: peek"),
        (Look, "title: Look", "title: Peek"),
        (Look, "description: Looks at an item.", "description: Looks."),
        (Look, "resource: box", "resource: twin"),
        (Look, "environment: staging", "environment: local"),
        (Look, "maxLength: 10", "maxLength: 9"),
        (Look, "\"[a-z]+\"", "\"[a-y]+\""),
        (Look, "rows: 10", "rows: 9"),
        (Look, "bytes: 4KiB", "bytes: 5KiB"),
        (Look, "time: 2s", "time: 1s"),
        (Look, "calls: 60/min", "calls: 61/min"),
        (Look, "calls: 60/min", "# no bound"),
        (Look, "name: n }", "name: m }"),
        (Look, "expect: executed", "expect: proposed"),
        (Label, "effect: reversible", "effect: irreversible"),
        (Label, "maximum: 5", "maximum: 4"),
        (Label, "default: 2", "default: 3"),
        (Drop, "operation: sample.drop", "operation: sample.tweak"),
        (Orders, "statement: select 1", "statement: select 2"),
        (Orders, "type: integer", "type: number"),
        (Orders, "minimum: 1", "minimum: 2"),
        (Orders, "  limit:", "  most:"),
    ];

    /// <summary>The sample with a second resource, so that a tool can be pointed elsewhere.</summary>
    public static Dictionary<string, string> Files() => Support.Files.Specs
        .Append(KeyValuePair.Create(Main, Support.Files.Configuration.Replace("  far:", "  twin: { provider: sample, environment: qa, place: near }\n  far:", StringComparison.Ordinal)))
        .ToDictionary();

    /// <summary>Keys with a value that no edit touches in any file.</summary>
    public static IEnumerable<string> Untouched()
    {
        var (all, touched) = (new HashSet<string>(), new HashSet<string>());
        foreach (var (file, text) in Files())
        {
            foreach (var (key, line) in Leaves(YamlReader.Read(file, text, [])!))
            {
                all.Add(key);
                if (All.Any(edit => edit.File == file && Lines(text, edit.Text).Contains(line)))
                {
                    touched.Add(key);
                }
            }
        }

        return all.Except(touched);
    }

    private static IEnumerable<int> Lines(string text, string part)
    {
        var first = text[..text.IndexOf(part, StringComparison.Ordinal)].Count(c => c == '\n') + 1;
        return Enumerable.Range(first, part.TrimEnd('\n').Count(c => c == '\n') + 1);
    }

    private static IEnumerable<(string Key, int Line)> Leaves(ConfigNode.Map map) => map.Entries.SelectMany(entry => entry.Value switch
    {
        ConfigNode.Map inner => Leaves(inner),
        ConfigNode.List list when list.Items.OfType<ConfigNode.Map>().Any() => list.Items.OfType<ConfigNode.Map>().SelectMany(Leaves),
        ConfigNode.List { Items: [var first, ..] } => [(entry.Key, first.Line)],
        _ => [(entry.Key, entry.Line)],
    });
}
