using System.Globalization;

namespace SafeTools;

/// <summary>Reads a map strictly: each key is asked for by name, and <see cref="Finish"/> refuses the keys that nobody asked for.</summary>
internal sealed class MapReader(ConfigNode.Map map, string what, List<Problem> problems)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public ConfigNode.Map Node => map;

    public void Fault(int line, string message) => problems.Add(new Problem(map.File, line, message));

    public ConfigNode.Entry? Entry(string key)
    {
        _known.Add(key);
        return map.Entries.FirstOrDefault(entry => entry.Key == key);
    }

    /// <summary>The line of a key, or of the map where it is absent.</summary>
    public int LineOf(string key) => map.Entries.FirstOrDefault(entry => entry.Key == key)?.Line ?? map.Line;

    public string? Text(string key, bool required = true)
    {
        switch (Entry(key))
        {
            case null:
                if (required)
                {
                    Fault(map.Line, $"{what} lacks '{key}'.");
                }

                return null;
            case { Value: ConfigNode.Scalar { Text: { Length: > 0 } text } }:
                return text;
            case var entry:
                Fault(entry.Line, $"'{key}' must be one value, and not empty.");
                return null;
        }
    }

    /// <summary>A value that <paramref name="parse"/> understands, or null with a fault that says which form is expected.</summary>
    public T? Parsed<T>(string key, Func<string, T?> parse, string form)
        where T : struct
    {
        if (Text(key, required: false) is not { } text)
        {
            return null;
        }

        if (parse(text) is { } value)
        {
            return value;
        }

        Fault(LineOf(key), $"'{key}: {text}' is not understood: write {form}.");
        return null;
    }

    public int? Number(string key, int least, int most) =>
        Parsed<int>(
            key,
            text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number : null,
            $"a whole number from {least} to {most}");

    public ConfigNode.Map? Map(string key, bool required = true)
    {
        switch (Entry(key))
        {
            case null:
                if (required)
                {
                    Fault(map.Line, $"{what} lacks '{key}'.");
                }

                return null;
            case { Value: ConfigNode.Map inner }:
                return inner;
            case var entry:
                Fault(entry.Line, $"'{key}' must be a map of keys and values.");
                return null;
        }
    }

    public IReadOnlyList<ConfigNode> List(string key)
    {
        switch (Entry(key))
        {
            case null:
                return [];
            case { Value: ConfigNode.List list }:
                return list.Items;
            case var entry:
                Fault(entry.Line, $"'{key}' must be a list.");
                return [];
        }
    }

    public IReadOnlyList<ConfigNode.Scalar> Texts(string key)
    {
        var texts = new List<ConfigNode.Scalar>();
        foreach (var item in List(key))
        {
            if (item is ConfigNode.Scalar { Text.Length: > 0 } text)
            {
                texts.Add(text);
            }
            else
            {
                Fault(item.Line, $"'{key}' must be a list of plain values.");
            }
        }

        return texts;
    }

    /// <summary>Refuses every key that was not asked for.</summary>
    public void Finish()
    {
        foreach (var entry in map.Entries.Where(entry => !_known.Contains(entry.Key)))
        {
            Fault(entry.Line, $"{what} has no key '{entry.Key}'. Known: {string.Join(", ", _known.Order(StringComparer.Ordinal))}.");
        }
    }
}
