using System.Text.Json;
using System.Text.RegularExpressions;

namespace SafeTools;

/// <summary>Turns what an agent sent into <see cref="Arguments"/>, or says what is wrong. Converts nothing and ignores nothing.</summary>
internal static class ArgumentBinder
{
    /// <summary>Every tool that is not a read takes it: the agent's own words for the human, at most <see cref="LongestReason"/> long.</summary>
    public const string Reason = "reason";

    public const int LongestReason = 500;

    public static Refusal? Bind(ToolSpec spec, IReadOnlyDictionary<string, JsonElement> sent, out Arguments bound, out string? reason)
    {
        bound = Arguments.None;
        var refusal = TakeReason(spec, sent, out reason, out var rest);
        return refusal ?? Bind(spec.Parameters, rest, out bound);
    }

    /// <summary>Binds against declared parameters alone.</summary>
    public static Refusal? Bind(IReadOnlyList<Parameter> parameters, IReadOnlyDictionary<string, JsonElement> sent, out Arguments bound)
    {
        bound = Arguments.None;
        var open = parameters.Where(parameter => parameter.Fixed is null).ToArray();
        if (sent.Keys.FirstOrDefault(name => open.All(parameter => parameter.Name != name)) is { } unknown)
        {
            var known = open.Length == 0 ? "it takes none" : $"it takes: {string.Join(", ", open.Select(parameter => parameter.Name))}";
            return RefusalCatalog.UnknownArgument.Because($"The tool has no argument '{VisibleText.Line(unknown, 64)}'; {known}.");
        }

        var values = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var parameter in parameters)
        {
            if (parameter.Fixed is { } one)
            {
                values[parameter.Name] = one;
            }
            else if (sent.TryGetValue(parameter.Name, out var value))
            {
                if (Fault(parameter, value) is { } refusal)
                {
                    return refusal;
                }

                values[parameter.Name] = value.Clone();
            }
            else if (parameter.Default is { } standard)
            {
                values[parameter.Name] = standard;
            }
            else if (parameter.Required)
            {
                return RefusalCatalog.MissingArgument.Because($"The argument '{parameter.Name}' is required.");
            }
        }

        bound = new Arguments(values);
        return null;
    }

    /// <summary>What is wrong with one value; null where nothing is.</summary>
    public static Refusal? Fault(Parameter parameter, JsonElement value)
    {
        var fault = parameter.Type switch
        {
            ParameterType.String => value.ValueKind == JsonValueKind.String ? TextFault(parameter, value) : WrongType(parameter, "a string"),
            ParameterType.Integer => IsInteger(value) ? RangeFault(parameter, value) : WrongType(parameter, "a whole number"),
            ParameterType.Number => value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()) ? RangeFault(parameter, value) : WrongType(parameter, "a number"),
            ParameterType.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : WrongType(parameter, "true or false"),
        };
        return fault ?? EnumFault(parameter, value);
    }

    public static Refusal? ReasonFault(JsonElement said) => Fault(new Parameter { Name = Reason, Type = ParameterType.String, MaxLength = LongestReason }, said);

    /// <summary>The expression for a whole string, run in time linear in its length.</summary>
    public static Regex Whole(string pattern) => new($@"\A(?:{pattern})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    private static Refusal? TakeReason(ToolSpec spec, IReadOnlyDictionary<string, JsonElement> sent, out string? reason, out IReadOnlyDictionary<string, JsonElement> rest)
    {
        (reason, rest) = (null, sent);
        if (spec.Effect == Effect.Read || !sent.TryGetValue(Reason, out var said))
        {
            return null;
        }

        rest = sent.Where(entry => entry.Key != Reason).ToDictionary(StringComparer.Ordinal);
        if (ReasonFault(said) is { } fault)
        {
            return fault;
        }

        reason = said.GetString();
        return null;
    }

    private static bool IsInteger(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && Math.Abs((decimal)number) <= CanonicalJson.LargestInteger;

    private static Refusal? TextFault(Parameter parameter, JsonElement value)
    {
        var text = SafeText(value);
        if (text is null)
        {
            return RefusalCatalog.MalformedArguments.Because($"The argument '{parameter.Name}' holds broken Unicode.");
        }

        var length = text.EnumerateRunes().Count();
        if (length < (parameter.MinLength ?? 0))
        {
            return OutOfBounds(parameter, $"must have at least {parameter.MinLength} characters");
        }

        var longest = parameter.MaxLength ?? Parameter.LongestString;
        if (length > longest)
        {
            return OutOfBounds(parameter, $"must have at most {longest} characters");
        }

        return new[] { parameter.Pattern, parameter.NarrowerPattern }.OfType<string>().FirstOrDefault(pattern => !Whole(pattern).IsMatch(text)) is { } missed
            ? OutOfBounds(parameter, $"must match {missed}")
            : null;
    }

    /// <summary>Null where the text holds half of a surrogate pair: it has no UTF-8 form, so nothing could be signed over it.</summary>
    private static string? SafeText(JsonElement value)
    {
        try
        {
            var text = value.GetString()!;
            _ = CanonicalJson.Text(System.Text.Json.Nodes.JsonValue.Create(text));
            return text;
        }
        catch (Exception fault) when (fault is FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private static Refusal? RangeFault(Parameter parameter, JsonElement value)
    {
        var number = value.GetDouble();
        if (number < parameter.Minimum)
        {
            return OutOfBounds(parameter, FormattableString.Invariant($"must be at least {parameter.Minimum}"));
        }

        return number > parameter.Maximum ? OutOfBounds(parameter, FormattableString.Invariant($"must be at most {parameter.Maximum}")) : null;
    }

    private static Refusal? EnumFault(Parameter parameter, JsonElement value) =>
        parameter.Enum is null || parameter.Enum.Any(allowed => JsonElement.DeepEquals(allowed, value))
            ? null
            : OutOfBounds(parameter, $"must be one of {string.Join(", ", parameter.Enum.Select(allowed => allowed.ToString()))}");

    private static Refusal WrongType(Parameter parameter, string type) =>
        RefusalCatalog.WrongArgumentType.Because($"The argument '{parameter.Name}' must be {type}.");

    private static Refusal OutOfBounds(Parameter parameter, string bound) =>
        RefusalCatalog.ArgumentOutOfBounds.Because($"The argument '{parameter.Name}' {bound}.");
}
