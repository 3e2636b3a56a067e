using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SafeTools.ConformanceHost;

/// <summary>A tool that a suite asks for by name.</summary>
internal sealed class FixtureTool(string name, string schema, Func<RequestContext<CallToolRequestParams>, CancellationToken, ValueTask<CallToolResult>> body) : McpServerTool
{
    public const string NoArguments = """{"type":"object","properties":{},"additionalProperties":false}""";

    public override Tool ProtocolTool { get; } = new() { Name = name, Description = $"The suites' {name}.", InputSchema = JsonElement.Parse(schema) };

    public override IReadOnlyList<object> Metadata => [];

    public override ValueTask<CallToolResult> InvokeAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default) => body(request, cancellationToken);

    public static FixtureTool Of(string name, Func<RequestContext<CallToolRequestParams>, CallToolResult> body, string schema = NoArguments) =>
        new(name, schema, (request, _) => ValueTask.FromResult(body(request)));
}
