using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Schema = ModelContextProtocol.Protocol.ElicitRequestParams;

namespace SafeTools.ConformanceHost;

/// <summary>What fixtures ask of clients, and what comes back.</summary>
internal static class Questions
{
    public static Schema.RequestSchema Form(params (string Name, Schema.PrimitiveSchemaDefinition Field)[] fields) => new()
    {
        Properties = fields.ToDictionary(field => field.Name, field => field.Field),
        Required = [.. fields.Select(field => field.Name)],
    };

    public static InputRequest Ask(string message, string field) => InputRequest.ForElicitation(new ElicitRequestParams { Message = message, RequestedSchema = Form((field, new Schema.StringSchema())) });

    public static InputRequest Confirm(string message) => InputRequest.ForElicitation(new ElicitRequestParams { Message = message, RequestedSchema = Form(("ok", new Schema.BooleanSchema())) });

    public static InputRequest Sample(string text) => InputRequest.ForSampling(new CreateMessageRequestParams { MaxTokens = 100, Messages = [new() { Role = Role.User, Content = [Contents.Block(text)] }] });

    /// <summary>Thrown, it is the answer: the client asks its user and calls again.</summary>
    public static InputRequiredException Need(string key, InputRequest request, string? state = null) => new(new Dictionary<string, InputRequest> { [key] = request }, state);

    /// <summary>The user's answer; null where there is none, or one of another shape.</summary>
    public static ElicitResult? Answer(RequestParams parameters, string key) =>
        parameters.InputResponses?.TryGetValue(key, out var response) == true
        && response.RawValue.ValueKind == JsonValueKind.Object
        && response.RawValue.TryGetProperty("action", out var action) && action.ValueKind == JsonValueKind.String
            ? response.Deserialize(InputResponse.ElicitResultJsonTypeInfo)
            : null;

    public static string? Field(RequestParams parameters, string key, string field) =>
        Answer(parameters, key) is { IsAccepted: true, Content: { } content } && content.TryGetValue(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
