using System.Text.Json.Nodes;

namespace SafeTools;

/// <summary>The JSON Schema (2020-12) that an agent is shown, made from the same parameters that check what it sends.</summary>
internal static class ParameterSchema
{
    public static JsonObject Of(ToolSpec spec)
    {
        var schema = Of([.. spec.OpenParameters]);
        if (spec.Effect != Effect.Read)
        {
            schema["properties"]![ArgumentBinder.Reason] = new JsonObject
            {
                ["type"] = "string",
                ["description"] = "Why you ask, in your own words, for the human who may have to decide. Optional.",
                ["maxLength"] = ArgumentBinder.LongestReason,
            };
        }

        return schema;
    }

    public static JsonObject Of(IReadOnlyList<Parameter> parameters) => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject(parameters.Select(parameter => KeyValuePair.Create(parameter.Name, (JsonNode?)Of(parameter)))),
        ["required"] = JsonValues.Array(parameters.Where(parameter => parameter is { Required: true, Default: null }).Select(parameter => parameter.Name)),
        ["additionalProperties"] = false,
    };

    private static JsonObject Of(Parameter parameter)
    {
        var schema = new JsonObject { ["type"] = TypeName(parameter.Type) };
        if (parameter.Description.Length > 0)
        {
            schema["description"] = parameter.Description;
        }

        if (parameter.Type == ParameterType.String)
        {
            schema["maxLength"] = parameter.MaxLength ?? Parameter.LongestString;
            Add(schema, "minLength", parameter.MinLength);
        }

        if (parameter.Pattern is { } pattern)
        {
            schema["pattern"] = $"^(?:{pattern})$";
        }

        if (parameter.NarrowerPattern is { } narrower)
        {
            schema["allOf"] = new JsonArray(new JsonObject { ["pattern"] = $"^(?:{narrower})$" });
        }

        Add(schema, "minimum", parameter.Minimum);
        Add(schema, "maximum", parameter.Maximum);
        if (parameter.Enum is { } allowed)
        {
            schema["enum"] = new JsonArray([.. allowed.Select(JsonValues.Node)]);
        }

        if (parameter.Default is { } standard)
        {
            schema["default"] = JsonValues.Node(standard);
        }

        return schema;
    }

    private static void Add(JsonObject schema, string key, double? bound)
    {
        if (bound is { } number)
        {
            schema[key] = JsonNode.Parse(CanonicalJson.Text(JsonValue.Create(number)));
        }
    }

    private static string TypeName(ParameterType type) => type switch
    {
        ParameterType.String => "string",
        ParameterType.Integer => "integer",
        ParameterType.Number => "number",
        ParameterType.Boolean => "boolean",
    };
}
