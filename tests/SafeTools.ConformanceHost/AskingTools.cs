using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Schema = ModelContextProtocol.Protocol.ElicitRequestParams;

namespace SafeTools.ConformanceHost;

/// <summary>Tools of the older eras that ask the client while their call waits.</summary>
internal static class AskingTools
{
    public static IEnumerable<FixtureTool> All =>
    [
        new FixtureTool("test_sampling", """{"type":"object","properties":{"prompt":{"type":"string"}},"required":["prompt"]}""", Sample),
        new FixtureTool("test_elicitation", """{"type":"object","properties":{"message":{"type":"string"}},"required":["message"]}""", (request, cancellationToken) =>
            Elicit(request, request.Params.Arguments!["message"].GetString()!, Questions.Form(("username", new Schema.StringSchema()), ("email", new Schema.StringSchema { Format = "email" })), "User response", cancellationToken)),
        new FixtureTool("test_elicitation_sep1034_defaults", FixtureTool.NoArguments, (request, cancellationToken) => Elicit(request, "Fields with defaults", Defaults, "Elicitation completed", cancellationToken)),
        new FixtureTool("test_elicitation_sep1330_enums", FixtureTool.NoArguments, (request, cancellationToken) => Elicit(request, "Choices", Choices, "Elicitation completed", cancellationToken)),
    ];

    private static Schema.RequestSchema Defaults => new()
    {
        Properties = new Dictionary<string, Schema.PrimitiveSchemaDefinition>
        {
            ["name"] = new Schema.StringSchema { Default = "John Doe" },
            ["age"] = new Schema.NumberSchema { Type = "integer", Default = 30 },
            ["score"] = new Schema.NumberSchema { Default = 95.5 },
            ["status"] = new Schema.UntitledSingleSelectEnumSchema { Enum = ["active", "inactive", "pending"], Default = "active" },
            ["verified"] = new Schema.BooleanSchema { Default = true },
        },
    };

    private static Schema.RequestSchema Choices => new()
    {
        Properties = new Dictionary<string, Schema.PrimitiveSchemaDefinition>
        {
            ["untitledSingle"] = new Schema.UntitledSingleSelectEnumSchema { Enum = ["option1", "option2", "option3"] },
            ["titledSingle"] = new Schema.TitledSingleSelectEnumSchema { OneOf = Titled("First Option", "Second Option", "Third Option") },
            ["legacyEnum"] = new Schema.LegacyTitledEnumSchema { Enum = ["opt1", "opt2", "opt3"], EnumNames = ["Option One", "Option Two", "Option Three"] },
            ["untitledMulti"] = new Schema.UntitledMultiSelectEnumSchema { Items = new() { Enum = ["option1", "option2", "option3"] } },
            ["titledMulti"] = new Schema.TitledMultiSelectEnumSchema { Items = new() { AnyOf = Titled("First Choice", "Second Choice", "Third Choice") } },
        },
    };

    private static List<Schema.EnumSchemaOption> Titled(params string[] titles) =>
        [.. titles.Select((title, index) => new Schema.EnumSchemaOption { Const = $"value{index + 1}", Title = title })];

    private static async ValueTask<CallToolResult> Sample(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var prompt = request.Params.Arguments!["prompt"].GetString()!;
        var sampled = await request.Server.SampleAsync(
            new CreateMessageRequestParams { MaxTokens = 100, Messages = [new() { Role = Role.User, Content = [Contents.Block(prompt)] }] }, cancellationToken);
        return Contents.Text($"LLM response: {(sampled.Content.FirstOrDefault() as TextContentBlock)?.Text}");
    }

    private static async ValueTask<CallToolResult> Elicit(
        RequestContext<CallToolRequestParams> request, string message, Schema.RequestSchema form, string beginning, CancellationToken cancellationToken)
    {
        var answer = await request.Server.ElicitAsync(new ElicitRequestParams { Message = message, RequestedSchema = form }, cancellationToken);
        return Contents.Text($"{beginning}: action={answer.Action}");
    }
}
