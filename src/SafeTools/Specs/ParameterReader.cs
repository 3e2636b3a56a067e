using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SafeTools;

/// <summary>Reads the <c>parameters</c> of a spec: whole declarations where the operation leaves them to the spec, narrowings elsewhere.</summary>
internal static class ParameterReader
{
    public static IReadOnlyList<Parameter> Declared(ConfigNode.Map map, List<Problem> problems) =>
        [.. map.Entries.Select(entry => Declared(entry, problems)).OfType<Parameter>()];

    public static IReadOnlyList<Parameter> Narrowed(IReadOnlyList<Parameter> declared, ConfigNode.Map? map, List<Problem> problems)
    {
        foreach (var entry in map?.Entries.Where(entry => declared.All(parameter => parameter.Name != entry.Key)) ?? [])
        {
            problems.Add(new Problem(map!.File, entry.Line, $"The operation has no parameter '{entry.Key}'. It has: {string.Join(", ", declared.Select(p => p.Name))}."));
        }

        return [.. declared.Select(parameter => map?.Entries.FirstOrDefault(entry => entry.Key == parameter.Name) is { } entry ? Narrow(parameter, entry, problems) : parameter)];
    }

    private static Parameter? Declared(ConfigNode.Entry entry, List<Problem> problems)
    {
        if (Reader(entry, problems) is not { } reader)
        {
            return null;
        }

        if (!Regex.IsMatch(entry.Key, @"^[a-z][a-z0-9_]{0,62}\z", RegexOptions.NonBacktracking) || entry.Key == ArgumentBinder.Reason)
        {
            reader.Fault(entry.Line, $"'{entry.Key}' is no name for a parameter: use lower-case letters, digits and _, begin with a letter, and not '{ArgumentBinder.Reason}'.");
        }

        var type = reader.Text("type") switch
        {
            "string" => ParameterType.String,
            "integer" => ParameterType.Integer,
            "number" => ParameterType.Number,
            "boolean" => ParameterType.Boolean,
            null => (ParameterType?)null,
            var other => Unknown(reader, other),
        };
        if (type is null)
        {
            return null;
        }

        var required = reader.Parsed<bool>("required", Boolean, "true or false");
        var bare = new Parameter { Name = entry.Key, Type = type.Value, Required = required ?? true };
        return Constrain(bare, reader);
    }

    private static ParameterType? Unknown(MapReader reader, string type)
    {
        reader.Fault(reader.LineOf("type"), $"'type: {type}' does not exist: write string, integer, number or boolean.");
        return null;
    }

    private static Parameter Narrow(Parameter declared, ConfigNode.Entry entry, List<Problem> problems) =>
        Reader(entry, problems) is { } reader ? Constrain(declared, reader) : declared;

    private static MapReader? Reader(ConfigNode.Entry entry, List<Problem> problems)
    {
        if (entry.Value is ConfigNode.Map map)
        {
            return new MapReader(map, $"The parameter '{entry.Key}'", problems);
        }

        problems.Add(new Problem(entry.Value.File, entry.Line, $"'{entry.Key}' must be a map such as {{ type: string, maxLength: 64 }}."));
        return null;
    }

    /// <summary>Takes each bound only where it is inside the one that stands already.</summary>
    private static Parameter Constrain(Parameter bounds, MapReader reader)
    {
        var text = bounds.Type == ParameterType.String;
        var numeric = bounds.Type is ParameterType.Integer or ParameterType.Number;
        var narrowed = bounds with
        {
            Description = reader.Text("description", required: false) ?? bounds.Description,
            MinLength = text ? Tightest(reader, "minLength", Length, bounds.MinLength, Math.Max) : null,
            MaxLength = text ? Tightest(reader, "maxLength", Length, bounds.MaxLength ?? Parameter.LongestString, Math.Min) : null,
            Minimum = numeric ? Tightest(reader, "minimum", Bound, bounds.Minimum, Math.Max) : null,
            Maximum = numeric ? Tightest(reader, "maximum", Bound, bounds.Maximum, Math.Min) : null,
        };
        if (text && reader.Text("pattern", required: false) is { } pattern)
        {
            narrowed = bounds.Pattern is null ? narrowed with { Pattern = Valid(reader, pattern) } : narrowed with { NarrowerPattern = Valid(reader, pattern) };
        }

        if (reader.Texts("enum") is { Count: > 0 } allowed)
        {
            narrowed = narrowed with { Enum = [.. allowed.Select(value => Value(narrowed, value.Text, value.Line, reader)).OfType<JsonElement>()] };
        }

        if (reader.Text("default", required: false) is { } standard && Value(narrowed, standard, reader.LineOf("default"), reader) is { } defaultValue)
        {
            narrowed = narrowed with { Default = defaultValue, Required = false };
        }

        if (reader.Text("value", required: false) is { } one && Value(narrowed, one, reader.LineOf("value"), reader) is { } fixedValue)
        {
            narrowed = narrowed with { Fixed = fixedValue };
        }

        if (narrowed.MinLength > narrowed.MaxLength || narrowed.Minimum > narrowed.Maximum)
        {
            reader.Fault(reader.Node.Line, "No value can fit: the lower bound is above the upper one.");
        }

        reader.Finish();
        return narrowed;
    }

    private static int? Length(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Not NaN, which no comparison ever exceeds: it would lift the bound that stands.</summary>
    private static double? Bound(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    private static T? Tightest<T>(MapReader reader, string key, Func<string, T?> parse, T? standing, Func<T, T, T> tighter)
        where T : struct, IComparable<T>
    {
        var said = reader.Parsed(key, parse, "a number");
        if (said is null || standing is null)
        {
            return said ?? standing;
        }

        if (tighter(said.Value, standing.Value).CompareTo(said.Value) != 0)
        {
            reader.Fault(reader.LineOf(key), $"'{key}: {said}' is wider than the operation's {standing}. A spec may only narrow.");
        }

        return tighter(said.Value, standing.Value);
    }

    private static string? Valid(MapReader reader, string pattern)
    {
        try
        {
            // By itself first: "a)|(?:b" would be whole only inside the anchors, and would take them apart.
            _ = new Regex(pattern, RegexOptions.NonBacktracking);
            _ = ArgumentBinder.Whole(pattern);
            return pattern;
        }
        catch (Exception fault) when (fault is ArgumentException or NotSupportedException)
        {
            reader.Fault(reader.LineOf("pattern"), $"'pattern' is not an expression that runs without backtracking: {fault.Message}");
            return null;
        }
    }

    private static JsonElement? Value(Parameter parameter, string text, int line, MapReader reader)
    {
        JsonElement? value = parameter.Type switch
        {
            ParameterType.String => JsonValues.Of(text),
            ParameterType.Integer => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? JsonValues.Of(whole) : null,
            ParameterType.Number => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? JsonValues.Of(number) : null,
            ParameterType.Boolean => Boolean(text) is { } flag ? JsonValues.Of(flag) : null,
        };
        if (value is null)
        {
            reader.Fault(line, $"'{text}' is not of the parameter's type.");
        }
        else if (ArgumentBinder.Fault(parameter, value.Value) is { } fault)
        {
            reader.Fault(line, fault.Message);
            return null;
        }

        return value;
    }

    private static bool? Boolean(string text) => text switch
    {
        "true" => true,
        "false" => false,
        _ => null,
    };
}
