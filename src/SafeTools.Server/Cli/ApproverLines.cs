namespace SafeTools.Server.Cli;

/// <summary>Edits the <c>approvers:</c> of safetools.yaml as a person would: single lines, the rest and its comments untouched.</summary>
internal static class ApproverLines
{
    public static string Line(Approver approver) =>
        $"  - {{ name: {approver.Name}, key: \"{approver.Key.Text}\", approves: [{string.Join(", ", approver.Approves.Select(pattern => $"\"{pattern}\""))}] }}";

    /// <summary>Why this user cannot write the file, in words for a person; null where it can, or where there is none.</summary>
    public static string? Unwritable(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        try
        {
            using var file = File.Open(path, FileMode.Open, FileAccess.ReadWrite);
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return $"This user cannot write {path}, where the approver is named. Make it writable for now, or run this as its owner. No key was made.";
        }
    }

    /// <summary>False, and nothing written, where the file is not there or has a form that lines cannot be added to.</summary>
    public static bool Add(string path, Approver approver)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        var text = File.ReadAllText(path);
        var lines = text.TrimEnd('\n').Split('\n').ToList();
        if (Entry(text) is not { } entry)
        {
            lines.AddRange(["", "approvers:", Line(approver)]);
        }
        else if (entry.Value is ConfigNode.List { Items: [.., var last] } && lines[last.Line - 1].TrimStart().StartsWith('-'))
        {
            var indent = lines[last.Line - 1].Length - lines[last.Line - 1].TrimStart().Length;
            lines.Insert(LastLine(last) , new string(' ', indent) + Line(approver).TrimStart());
        }
        else if (entry.Value is ConfigNode.List { Items: [] } && lines[entry.Line - 1].TrimEnd() == "approvers: []")
        {
            lines[entry.Line - 1] = "approvers:";
            lines.Insert(entry.Line, Line(approver));
        }
        else
        {
            return false;
        }

        return Replace(path, lines, keys => keys.Contains(approver.Key.Text));
    }

    /// <summary>Removes all entries of a person.</summary>
    public static bool Remove(string path, string name)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        var text = File.ReadAllText(path);
        var lines = text.TrimEnd('\n').Split('\n').ToList();
        var items = (Entry(text)?.Value as ConfigNode.List)?.Items.OfType<ConfigNode.Map>().Where(item => Value(item, "name") == name).ToArray() ?? [];
        if (items.Length == 0)
        {
            return false;
        }

        foreach (var item in items.Reverse())
        {
            if (!lines[item.Line - 1].TrimStart().StartsWith('-'))
            {
                return false;
            }

            lines.RemoveRange(item.Line - 1, LastLine(item) - item.Line + 1);
        }

        if (Entry(string.Join('\n', lines)) is { Value: not ConfigNode.List } emptied)
        {
            lines[emptied.Line - 1] = "approvers: []";
        }

        var gone = items.Select(item => Value(item, "key")).ToArray();
        return Replace(path, lines, keys => !gone.Any(keys.Contains));
    }

    private static bool Replace(string path, List<string> lines, Func<HashSet<string?>, bool> expected)
    {
        var text = string.Join('\n', lines) + "\n";
        // A text that is no YAML any more holds no key either, and must not pass for one from which a key is gone.
        if (Entry(text)?.Value is not ConfigNode.List { Items: var items } || !expected([.. items.OfType<ConfigNode.Map>().Select(item => Value(item, "key"))]))
        {
            return false;
        }

        File.WriteAllText(path, text);
        return true;
    }

    private static ConfigNode.Entry? Entry(string text) =>
        YamlReader.Read(PolicySource.ConfigurationName, text, [])?.Entries.FirstOrDefault(entry => entry.Key == "approvers");

    private static string? Value(ConfigNode.Map item, string key) => (item.Entries.FirstOrDefault(entry => entry.Key == key)?.Value as ConfigNode.Scalar)?.Text;

    private static int LastLine(ConfigNode node) => node switch
    {
        ConfigNode.Map { Entries.Count: > 0 } map => map.Entries.Max(entry => Math.Max(entry.Line, LastLine(entry.Value))),
        ConfigNode.List { Items.Count: > 0 } list => list.Items.Max(LastLine),
        _ => node.Line,
    };
}
