using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.Specs;

public class ParameterSchemaTests
{
    [Fact]
    public void Of_ATool_IsClosedAndTakesAReason() =>
        CanonicalJson.Text(ParameterSchema.Of(Files.Load(out _)!.Tools["label"])).Should().Be(
            """{"additionalProperties":false,"properties":{"count":{"default":2,"maximum":5,"minimum":1,"type":"integer"}"""
            + ""","name":{"description":"Name of the item.","maxLength":64,"pattern":"^(?:[a-z0-9-]+)$","type":"string"}"""
            + ""","reason":{"description":"Why you ask, in your own words, for the human who may have to decide. Optional.","maxLength":500,"type":"string"}}"""
            + ""","required":["name"],"type":"object"}""");

    [Fact]
    public void Of_AReadTool_TakesNoReason() => ParameterSchema.Of(Files.Load(out _)!.Tools["look"])["properties"]!.AsObject().ContainsKey("reason").Should().BeFalse();

    [Fact]
    public void Of_AFixedParameter_HidesIt() =>
        ParameterSchema.Of(Sample.Tool(SampleProvider.Drop) with { Parameters = [new Parameter { Name = "table", Type = ParameterType.String, Fixed = JsonValues.Of("x") }] })["properties"]!
            .AsObject().ContainsKey("table").Should().BeFalse();

    /// <summary>What the schema shown to the agent allows and what the server takes are the same.</summary>
    [Fact]
    public void Of_AnyParameters_AllowsExactlyWhatTheBinderTakes() =>
        Prop.ForAll(Cases().ToArbitrary(), one =>
        {
            var (parameters, sent) = one;
            var allowed = Allows(ParameterSchema.Of(parameters), JsonNode.Parse(sent)!.AsObject());
            var taken = ArgumentBinder.Bind(parameters, Sample.Json(sent), out _) is null;
            return (allowed == taken).Label($"{CanonicalJson.Text(ParameterSchema.Of(parameters))} {sent}: schema {allowed}, binder {taken}");
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    /// <summary>A JSON Schema evaluator of its own, for the keywords that are used; integers as RFC 7493 keeps them.</summary>
    private static bool Allows(JsonObject schema, JsonObject sent)
    {
        var properties = schema["properties"]!.AsObject();
        return schema["additionalProperties"]!.GetValue<bool>() == false
            && sent.All(entry => properties.ContainsKey(entry.Key) && AllowsValue(properties[entry.Key]!.AsObject(), entry.Value))
            && schema["required"]!.AsArray().All(name => sent.ContainsKey(name!.GetValue<string>()));
    }

    private static bool AllowsValue(JsonObject schema, JsonNode? value)
    {
        var raw = value?.ToJsonString() ?? "null";
        var kind = value?.GetValueKind() ?? JsonValueKind.Null;
        var typed = schema["type"]!.GetValue<string>() switch
        {
            "string" => kind == JsonValueKind.String,
            "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
            "integer" => kind == JsonValueKind.Number && Regex.IsMatch(raw, @"^-?\d+\z") && System.Numerics.BigInteger.Abs(System.Numerics.BigInteger.Parse(raw, null)) < (1L << 53),
            _ => kind == JsonValueKind.Number,
        };
        if (!typed || (schema["enum"] is JsonArray allowed && !allowed.Any(one => JsonNode.DeepEquals(one, value))))
        {
            return false;
        }

        if (kind == JsonValueKind.String)
        {
            var text = value!.GetValue<string>();
            var points = text.EnumerateRunes().Count();
            var patterns = new[] { schema["pattern"], schema["allOf"]?[0]?["pattern"] }.OfType<JsonNode>().Select(node => node.GetValue<string>());
            return points <= schema["maxLength"]!.GetValue<int>() && points >= (schema["minLength"]?.GetValue<int>() ?? 0)
                && patterns.All(pattern => Regex.IsMatch(text, pattern, RegexOptions.ECMAScript));
        }

        return kind != JsonValueKind.Number
            || ((schema["minimum"] is not { } least || value!.GetValue<double>() >= least.GetValue<double>()) && (schema["maximum"] is not { } most || value!.GetValue<double>() <= most.GetValue<double>()));
    }

    private static Gen<(IReadOnlyList<Parameter> Parameters, string Sent)> Cases() =>
        from first in Parameters("a")
        from second in Parameters("b")
        from values in Values().ArrayOf(3)
        from present in Gen.Choose(0, 7)
        let names = new[] { "a", "b", "c" }
        let sent = "{" + string.Join(',', Enumerable.Range(0, 3).Where(index => (present & (1 << index)) != 0 && (index < 2 || present % 5 == 0)).Select(index => $"\"{names[index]}\":{values[index]}")) + "}"
        select ((IReadOnlyList<Parameter>)[first, second], sent);

    private static Gen<Parameter> Parameters(string name) =>
        from type in Gen.Elements(Enum.GetValues<ParameterType>())
        from required in Gen.Elements(true, true, false)
        from low in Gen.Choose(-3, 3)
        from high in Gen.Choose(0, 6)
        from bounded in Gen.Choose(0, 7)
        from pattern in Gen.Elements(null, "[a-z]*", "a|bc", "x+")
        from listed in Gen.Elements(false, false, true)
        select new Parameter
        {
            Name = name,
            Type = type,
            Required = required,
            MinLength = type == ParameterType.String && (bounded & 1) != 0 ? Math.Max(0, low) : null,
            MaxLength = type == ParameterType.String && (bounded & 2) != 0 ? high : null,
            Pattern = type == ParameterType.String ? pattern : null,
            NarrowerPattern = type == ParameterType.String && pattern is not null && (bounded & 4) != 0 ? "[a-x]*" : null,
            Minimum = type is ParameterType.Integer or ParameterType.Number && (bounded & 1) != 0 ? low : null,
            Maximum = type is ParameterType.Integer or ParameterType.Number && (bounded & 2) != 0 ? high + 0.5 : null,
            Enum = listed && type is ParameterType.String ? [JsonValues.Of("a"), JsonValues.Of("xx")] : listed && type is ParameterType.Integer ? [JsonValues.Of(1), JsonValues.Of(4)] : null,
        };

    private static Gen<string> Values() => Gen.Frequency(
        (4, Gen.Elements("\"\"", "\"a\"", "\"bc\"", "\"xx\"", "\"abc\"", "\"A\"", "\"x\\uD83D\\uDE00\"", "\"toolong7\"", "\"5\"")),
        (4, Gen.Choose(-5, 9).Select(number => $"{number}")),
        (1, Gen.Elements("0.5", "2.5", "7.25", "9007199254740991", "9007199254740992", "12345678901234567890")),
        (1, Gen.Elements("true", "false")),
        (1, Gen.Elements("null", "[]", "{}", "[1]")));
}
