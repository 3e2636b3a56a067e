using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace SafeTools.Server.Http;

/// <summary>Arguments that a tool's schema wants repeated in <c>Mcp-Param-*</c> headers (<c>x-mcp-header</c>).</summary>
internal static class ParameterHeaders
{
    private const string Beginning = "Mcp-Param-";

    public static HttpRejection? Refuse(IHeaderDictionary headers, JsonElement schema, JsonObject? arguments)
    {
        if (schema.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        return properties.EnumerateObject()
            .Where(property => property.Value.ValueKind == JsonValueKind.Object)
            .Select(property => Refuse(headers, property.Value, arguments?[property.Name]))
            .FirstOrDefault(rejection => rejection is not null);
    }

    private static HttpRejection? Refuse(IHeaderDictionary headers, JsonElement schema, JsonNode? argument) =>
        Refuse(headers, schema, argument as JsonObject)
        ?? (schema.TryGetProperty("x-mcp-header", out var name) && name.ValueKind == JsonValueKind.String && name.GetString() is { Length: > 0 } ending
            ? HeaderValue.Refuse(headers, Beginning + ending, Text(argument), argument?.GetValueKind() == JsonValueKind.Number)
            : null);

    private static string? Text(JsonNode? argument) => argument?.GetValueKind() switch
    {
        JsonValueKind.String => argument.GetValue<string>(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => argument.ToJsonString(),
        _ => null,
    };
}
