using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SafeTools.Server.Mcp;

internal delegate ValueTask<CallToolResult> ToolBody(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken);

/// <summary>A tool whose whole description is data, so that no reflection decides what an agent sees.</summary>
/// <param name="version">Changes when the tool's meaning does; a list with another version is announced.</param>
internal sealed class ServedTool(Tool description, string version, ToolBody body) : McpServerTool
{
    public string Version => version;

    public override Tool ProtocolTool => description;

    public override IReadOnlyList<object> Metadata => [];

    public override ValueTask<CallToolResult> InvokeAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken = default) =>
        body(request, cancellationToken);
}
