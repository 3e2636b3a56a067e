using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SafeTools.IntegrationTests.Support;

/// <summary>Checks a value against the few words of JSON Schema that our schemas use; any other word throws, so that none is passed over.</summary>
internal static class OutputSchema
{
    public static IEnumerable<string> Faults(JsonNode schema, JsonNode? value, string at = "$") => schema.AsObject().SelectMany(rule => rule.Key switch
    {
        "type" => Type(value) == rule.Value!.GetValue<string>() ? [] : new[] { $"{at} is {Type(value)}, not {rule.Value}" },
        "enum" => rule.Value!.AsArray().Any(allowed => JsonNode.DeepEquals(allowed, value)) ? [] : [$"{at} is {value}, none of {rule.Value.ToJsonString()}"],
        "pattern" => Regex.IsMatch(value!.GetValue<string>(), rule.Value!.GetValue<string>()) ? [] : [$"{at} does not match"],
        "required" => rule.Value!.AsArray().Where(name => !value!.AsObject().ContainsKey(name!.GetValue<string>())).Select(name => $"{at} lacks {name}"),
        "properties" => rule.Value!.AsObject().Where(one => value!.AsObject().ContainsKey(one.Key)).SelectMany(one => Faults(one.Value!, value![one.Key], $"{at}.{one.Key}")),
        "description" => [],
        _ => throw new NotSupportedException($"The schema says '{rule.Key}'."),
    });

    private static string Type(JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Number => "number",
        _ => "null",
    };
}
