using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace SafeTools;

/// <summary>
/// Reads the part of YAML that configuration needs: one document of maps, lists and scalars. Anchors, aliases, tags and further documents refuse,
/// because a reviewer must be able to read a file from top to bottom and know what it says.
/// </summary>
internal static class YamlReader
{
    private const int DeepestLevel = 16;
    private const int LongestFile = 256 * 1024;

    /// <summary>The document's map, or null with the faults added to <paramref name="problems"/>.</summary>
    public static ConfigNode.Map? Read(string file, string text, List<Problem> problems)
    {
        if (text.Length > LongestFile)
        {
            problems.Add(new Problem(file, 1, $"The file is longer than {LongestFile} characters."));
            return null;
        }

        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            if (parser.TryConsume<StreamEnd>(out _))
            {
                problems.Add(new Problem(file, 1, "The file is empty."));
                return null;
            }

            parser.Consume<DocumentStart>();
            var root = ReadNode(file, parser, 1);
            parser.Consume<DocumentEnd>();
            if (!parser.TryConsume<StreamEnd>(out _))
            {
                throw new Fault((int)parser.Current!.Start.Line, "Only one YAML document is allowed in a file.");
            }

            return root as ConfigNode.Map ?? throw new Fault(root.Line, "The file must be a map of keys and values.");
        }
        catch (Fault fault)
        {
            problems.Add(new Problem(file, fault.Line, fault.Message));
        }
        catch (YamlException fault)
        {
            problems.Add(new Problem(file, Math.Max(1, (int)fault.Start.Line), $"Not valid YAML: {fault.Message.TrimEnd('.')}."));
        }

        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            // The parser trips over some malformed directives instead of refusing them.
            problems.Add(new Problem(file, 1, "Not valid YAML."));
        }

        return null;
    }

    private static ConfigNode ReadNode(string file, Parser parser, int level)
    {
        var here = parser.Current ?? throw new Fault(1, "The file ends too early.");
        var line = (int)here.Start.Line;
        if (level > DeepestLevel)
        {
            throw new Fault(line, $"Nested deeper than {DeepestLevel} levels.");
        }

        if (here is AnchorAlias || here is NodeEvent { Anchor.IsEmpty: false })
        {
            throw new Fault(line, "Anchors and aliases are not allowed: write the value out.");
        }

        if (here is NodeEvent { Tag.IsEmpty: false })
        {
            throw new Fault(line, "Tags are not allowed.");
        }

        switch (here)
        {
            case Scalar scalar:
                if (scalar.Value.Contains('\0') || scalar.Value.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar))
                {
                    throw new Fault(line, "The text holds a zero character or broken Unicode.");
                }

                parser.MoveNext();
                return new ConfigNode.Scalar(file, line, scalar.Value, scalar.Style == ScalarStyle.Plain);
            case SequenceStart:
                return ReadList(file, parser, line, level);
            case MappingStart:
                return ReadMap(file, parser, line, level);
            default:
                throw new Fault(line, "Unexpected YAML.");
        }
    }

    private static ConfigNode.List ReadList(string file, Parser parser, int line, int level)
    {
        parser.MoveNext();
        var items = new List<ConfigNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(file, parser, level + 1));
        }

        return new ConfigNode.List(file, line, items);
    }

    private static ConfigNode.Map ReadMap(string file, Parser parser, int line, int level)
    {
        parser.MoveNext();
        var entries = new List<ConfigNode.Entry>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (ReadNode(file, parser, level + 1) is not ConfigNode.Scalar key)
            {
                throw new Fault(line, "Keys must be plain words.");
            }

            if (entries.Find(entry => entry.Key == key.Text) is { } earlier)
            {
                throw new Fault(key.Line, $"The key '{key.Text}' stands twice (first in line {earlier.Line}). Remove one.");
            }

            entries.Add(new ConfigNode.Entry(key.Text, key.Line, ReadNode(file, parser, level + 1)));
        }

        return new ConfigNode.Map(file, line, entries);
    }

#pragma warning disable CA1032, CA1064 // Never leaves this class: it carries a line out of the recursion.
    private sealed class Fault(int line, string message) : Exception(message)
    {
        public int Line => line;
    }
#pragma warning restore CA1032, CA1064
}
