using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SafeTools.ConformanceHost;

/// <summary>Tools that answer without asking: each kind of content, progress, log lines, schemas.</summary>
internal static class PlainTools
{
    private const string FullSchema =
        """
        {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object",
         "$defs":{"address":{"$anchor":"addressDef","type":"object","properties":{"street":{"type":"string"},"city":{"type":"string"}}}},
         "properties":{"name":{"type":"string"},"address":{"$ref":"#/$defs/address"},"contactMethod":{"type":"string","enum":["phone","email"]},"phone":{"type":"string"},"email":{"type":"string"}},
         "allOf":[{"anyOf":[{"required":["phone"]},{"required":["email"]}]}],
         "if":{"properties":{"contactMethod":{"const":"phone"}},"required":["contactMethod"]},"then":{"required":["phone"]},"else":{"required":["email"]},
         "additionalProperties":false}
        """;

    private const string RepeatedInHeaders =
        """{"type":"object","properties":{"region":{"type":"string","x-mcp-header":"Region"},"limit":{"type":"integer","x-mcp-header":"Limit"}},"required":["region"]}""";

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    public static IEnumerable<FixtureTool> All =>
    [
        FixtureTool.Of("test_simple_text", _ => Contents.Text("This is a simple text response for testing.")),
        FixtureTool.Of("test_image_content", _ => Contents.Blocks(Contents.Image)),
        FixtureTool.Of("test_audio_content", _ => Contents.Blocks(new AudioContentBlock { Data = Contents.Wav, MimeType = "audio/wav" })),
        FixtureTool.Of("test_embedded_resource", _ => Contents.Blocks(Contents.Embedded("test://embedded-resource", "text/plain", "This is an embedded resource content."))),
        FixtureTool.Of("test_multiple_content_types", _ => Contents.Blocks(
            Contents.Block("Multiple content types test:"), Contents.Image, Contents.Embedded("test://mixed-content-resource", "application/json", """{"test":"data","value":123}"""))),
        FixtureTool.Of("test_error_handling", _ => Contents.Error("This tool intentionally returns an error for testing")),
        FixtureTool.Of("test_reconnection", _ => Contents.Text("answered at once")),
        FixtureTool.Of("json_schema_2020_12_tool", _ => Contents.Text("ok"), FullSchema),
        FixtureTool.Of("test_x_mcp_header", request => Contents.Text($"region={request.Params.Arguments?["region"]}"), RepeatedInHeaders),
        FixtureTool.Of("test_logging_tool", request =>
        {
            request.Server.AsClientLoggerProvider().CreateLogger("tool").LogInformation("Said where the request asks for it.");
            return Contents.Text("ok");
        }),
        FixtureTool.Of("test_missing_capability", request => request.Server.ClientCapabilities?.Sampling is null
            ? throw new MissingRequiredClientCapabilityException(new ClientCapabilities { Sampling = new() }, "This tool needs sampling.")
            : Contents.Text("ok")),
        new FixtureTool("test_tool_with_logging", FixtureTool.NoArguments, Log),
        new FixtureTool("test_tool_with_progress", FixtureTool.NoArguments, Progress),
    ];

    private static async ValueTask<CallToolResult> Log(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var log = request.Server.AsClientLoggerProvider().CreateLogger("tool");
        log.LogInformation("Tool execution started");
        await Task.Delay(Step, cancellationToken);
        log.LogInformation("Tool processing data");
        await Task.Delay(Step, cancellationToken);
        log.LogInformation("Tool execution completed");
        return Contents.Text("ok");
    }

    private static async ValueTask<CallToolResult> Progress(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        foreach (var done in request.Params.ProgressToken is null ? [] : new[] { 0f, 50f, 100f })
        {
            await request.Server.NotifyProgressAsync(request.Params.ProgressToken!.Value, new ProgressNotificationValue { Progress = done, Total = 100, Message = $"{done} of 100" }, cancellationToken: cancellationToken);
            await Task.Delay(Step, cancellationToken);
        }

        return Contents.Text("done");
    }
}
