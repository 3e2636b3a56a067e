using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SafeTools;

/// <summary>Reads one file under <c>tool-specs/</c>. What it cannot understand whole, it refuses with file, line and remedy.</summary>
internal sealed class SpecLoader(
    IReadOnlyDictionary<string, (Resource Resource, JsonNode Source)> resources,
    IReadOnlyList<IProvider> providers,
    EnvironmentMap environments,
    string baseFolder,
    List<Problem> problems)
{
    /// <summary>Names that SafeTools itself uses.</summary>
    public static IReadOnlyList<string> ReservedNames { get; } = ["list_proposals", "get_proposal", "withdraw_proposal", "undo_action", "describe_access"];

    public ToolSpec? Load(ConfigNode.Map map)
    {
        var before = problems.Count;
        var reader = new MapReader(map, "The spec", problems);
        var name = ReadName(reader);
        var title = reader.Text("title");
        var description = reader.Text("description");
        var (provider, operation) = ReadOperation(reader);
        var resource = ReadResource(reader, provider);
        var ceiling = reader.Text("environment") is null ? null : reader.Parsed<EnvironmentLabel>("environment", word => environments.Knows(word) ? environments.Resolve(word) : null, "local, staging, production or a name from 'environments'");
        var effect = ReadEffect(reader, operation);
        if (operation is null || provider is null)
        {
            return null;
        }

        var settings = SettingReader.Read(reader, operation.Settings, baseFolder, environments);
        var narrowing = reader.Map("parameters", required: false);
        var parameters = operation.SpecDeclaresParameters
            ? ParameterReader.Declared(narrowing ?? new ConfigNode.Map(map.File, map.Line, []), problems)
            : ParameterReader.Narrowed(operation.Parameters, narrowing, problems);
        var (limits, calls) = ReadLimits(reader, operation.Limits);
        var examples = ReadExamples(reader);
        reader.Finish();
        if (problems.Count > before || name is null || resource is null || ceiling is null || effect is null)
        {
            return null;
        }

        foreach (var fault in provider.Check(operation, settings, parameters))
        {
            reader.Fault(map.Line, fault);
        }

        return problems.Count > before
            ? null
            : new ToolSpec
            {
                Name = name,
                Title = title!,
                Description = description!,
                Operation = operation,
                Resource = resource.Value.Resource,
                Ceiling = ceiling.Value,
                Effect = effect.Value,
                Settings = settings,
                Parameters = parameters,
                Limits = limits,
                CallsPerMinute = calls,
                Examples = examples,
                Digest = Digest.Of(new JsonObject { ["spec"] = map.ToJson(), ["resource"] = resource.Value.Source.DeepClone(), ["base"] = baseFolder, ["environments"] = environments.ToJson() }),
                File = map.File,
            };
    }

    private static string? ReadName(MapReader reader)
    {
        var name = reader.Text("tool");
        if (name is not null && !Regex.IsMatch(name, @"^[a-z][a-z0-9_]{0,62}\z", RegexOptions.NonBacktracking))
        {
            reader.Fault(reader.LineOf("tool"), $"'tool: {name}' is no name for a tool: use lower-case letters, digits and _, begin with a letter, at most 63.");
        }
        else if (name is not null && ReservedNames.Contains(name))
        {
            reader.Fault(reader.LineOf("tool"), $"'tool: {name}' is a tool of SafeTools itself. Choose another name.");
        }

        return name;
    }

    private (IProvider? Provider, Operation? Operation) ReadOperation(MapReader reader)
    {
        if (reader.Text("operation") is not { } name)
        {
            return (null, null);
        }

        foreach (var provider in providers)
        {
            if (provider.Operations.FirstOrDefault(operation => operation.Name == name && !operation.OnlyAsUndo) is { } operation)
            {
                return (provider, operation);
            }
        }

        var known = providers.SelectMany(provider => provider.Operations).Where(operation => !operation.OnlyAsUndo).Select(operation => operation.Name).Order(StringComparer.Ordinal);
        reader.Fault(reader.LineOf("operation"), $"'operation: {name}' does not exist. Known: {string.Join(", ", known)}.");
        return (null, null);
    }

    private (Resource Resource, JsonNode Source)? ReadResource(MapReader reader, IProvider? provider)
    {
        if (reader.Text("resource") is not { } name)
        {
            return null;
        }

        if (!resources.TryGetValue(name, out var resource))
        {
            reader.Fault(reader.LineOf("resource"), $"'resource: {name}' is not in safetools.yaml. {(resources.Count == 0 ? "No resource there is without fault" : $"There: {string.Join(", ", resources.Keys.Order(StringComparer.Ordinal))}")}.");
            return null;
        }

        if (provider is not null && resource.Resource.Provider != provider.Name)
        {
            reader.Fault(reader.LineOf("resource"), $"'{name}' belongs to the provider {resource.Resource.Provider}, the operation to {provider.Name}.");
            return null;
        }

        return resource;
    }

    private static Effect? ReadEffect(MapReader reader, Operation? operation)
    {
        var effect = reader.Text("effect") is null ? null : reader.Parsed<Effect>("effect", LabelNames.ParseEffect, "read, reversible or irreversible");
        if (effect is { } said && operation is not null && said < operation.Floor)
        {
            reader.Fault(reader.LineOf("effect"), $"'effect: {said.Word()}' is below what {operation.Name} does: write {operation.Floor.Word()}. A spec may raise an effect, never lower it.");
        }

        if (effect == Effect.Reversible && operation is { Undo: null })
        {
            reader.Fault(reader.LineOf("effect"), $"{operation.Name} has no undo, so 'effect: reversible' would not be true: write irreversible.");
        }

        return effect;
    }

    private (Limits Limits, int? Calls) ReadLimits(MapReader outer, Limits standing)
    {
        if (outer.Map("limits", required: false) is not { } map)
        {
            return (standing, null);
        }

        var reader = new MapReader(map, "'limits'", problems);
        var rows = reader.Number("rows", 1, int.MaxValue);
        var bytes = reader.Parsed<long>("bytes", Quantity.Size, Quantity.SizeForm);
        var time = reader.Parsed<TimeSpan>("time", Quantity.Time, Quantity.TimeForm);
        var calls = reader.Parsed<int>("calls", Quantity.CallsPerMinute, Quantity.RateForm);
        if (rows > standing.Rows)
        {
            reader.Fault(reader.LineOf("rows"), $"'rows' is above the operation's {standing.Rows}. A spec may only lower it.");
        }

        if (bytes > standing.Bytes)
        {
            reader.Fault(reader.LineOf("bytes"), $"'bytes' is above the operation's {standing.Bytes}B. A spec may only lower it.");
        }

        if (time > standing.Time)
        {
            reader.Fault(reader.LineOf("time"), string.Create(CultureInfo.InvariantCulture, $"'time' is above the operation's {standing.Time.TotalSeconds}s. A spec may only lower it."));
        }

        reader.Finish();
        return (new Limits(rows ?? standing.Rows, bytes ?? standing.Bytes, time ?? standing.Time), calls);
    }

    private List<SpecExample> ReadExamples(MapReader outer)
    {
        var examples = new List<SpecExample>();
        foreach (var item in outer.List("examples"))
        {
            if (item is not ConfigNode.Map map)
            {
                outer.Fault(item.Line, "An example is a map with 'args' and 'expect'.");
                continue;
            }

            var reader = new MapReader(map, "The example", problems);
            var arguments = reader.Map("args", required: false)?.Entries.ToDictionary(entry => entry.Key, entry => Plain(entry.Value), StringComparer.Ordinal) ?? [];
            if (Expectation(reader) is { } expected)
            {
                examples.Add(new SpecExample(map.Line, arguments, expected));
            }

            reader.Finish();
        }

        return examples;
    }

    private static string? Expectation(MapReader reader)
    {
        var entry = reader.Entry("expect");
        var expected = entry?.Value switch
        {
            ConfigNode.Scalar { Text: "executed" or "proposed" } word => word.Text,
            ConfigNode.Map { Entries: [{ Key: "refused", Value: ConfigNode.Scalar code }] } when RefusalCatalog.All.Any(known => known.Id == code.Text) => code.Text,
            _ => null,
        };
        if (expected is null)
        {
            reader.Fault(entry?.Line ?? reader.Node.Line, "'expect' must be executed, proposed or { refused: ST#### } with a code from docs/refusals.md.");
        }

        return expected;
    }

    /// <summary>An example's argument as JSON would have it: quoted text is a string, a plain word what it looks like.</summary>
    private static JsonElement Plain(ConfigNode node) => node switch
    {
        ConfigNode.Scalar { Plain: true, Text: "true" } => JsonValues.Of(true),
        ConfigNode.Scalar { Plain: true, Text: "false" } => JsonValues.Of(false),
        ConfigNode.Scalar { Plain: true } scalar when long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValues.Of(whole),
        ConfigNode.Scalar { Plain: true } scalar when double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => JsonValues.Of(number),
        ConfigNode.Scalar scalar => JsonValues.Of(scalar.Text),
        _ => JsonValues.Element(node.ToJson()),
    };
}
