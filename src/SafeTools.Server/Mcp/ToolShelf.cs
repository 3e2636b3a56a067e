using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using SafeTools.Server.Serving;

namespace SafeTools.Server.Mcp;

/// <summary>The tools that one principal is shown. Follows the accepted policy and what was proved; every change raises list-changed in the SDK.</summary>
internal sealed class ToolShelf : IStandingFollower
{
    private readonly Pipeline _pipeline;
    private readonly Attestations _attestations;
    private readonly string _principal;
    private readonly Doorbell _doorbell;
    private readonly IReadOnlyList<ServedTool> _builtIn;
    private readonly Lock _following = new();

    public ToolShelf(Pipeline pipeline, BuiltInTools builtIn, Attestations attestations, Doorbell doorbell, string principal)
    {
        (_pipeline, _attestations, _principal, _doorbell, _builtIn) = (pipeline, attestations, principal, doorbell, builtIn.All);
        foreach (var tool in _builtIn)
        {
            Tools.Add(tool);
        }
    }

    public McpServerPrimitiveCollection<McpServerTool> Tools { get; } = [];

    /// <summary>Brings the shelf in line with what holds now. A session that begins and upkeep may both do it at once.</summary>
    public void Follow(Standing standing)
    {
        lock (_following)
        {
            var principal = standing.Policy.Principals.GetValueOrDefault(_principal);
            var wanted = standing.Policy.Tools.Values.Where(tool => principal is not null && Catalog.Offers(principal, tool, standing))
                .Select(tool => (Tool: tool, Proved: _attestations.Of(tool.Resource)?.Verdict)).ToDictionary(offered => offered.Tool.Name, StringComparer.Ordinal);
            foreach (var shown in Tools.OfType<ServedTool>().Except(_builtIn).ToArray())
            {
                if (!wanted.TryGetValue(shown.ProtocolTool.Name, out var now) || Version(now.Tool, now.Proved) != shown.Version)
                {
                    Tools.Remove(shown);
                }
            }

            foreach (var (tool, proved) in wanted.Values.Where(offered => !Tools.TryGetPrimitive(offered.Tool.Name, out _)))
            {
                Tools.Add(new ServedTool(ToolDescriptions.Of(tool, proved), Version(tool, proved), (request, cancellationToken) => Call(request, cancellationToken)));
            }
        }
    }

    private static string Version(ToolSpec tool, AttestationVerdict? proved) => proved is { } verdict ? $"{tool.Digest} {verdict.Word()}" : tool.Digest;

    /// <summary>One call, whether the shelf knows the tool or not: the pipeline decides, and says "unknown" in one way only.</summary>
    public async ValueTask<CallToolResult> Call(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var sent = request.Params.Arguments?.ToDictionary(StringComparer.Ordinal) ?? new Dictionary<string, JsonElement>();
        var outcome = await _pipeline.Run(new Call(_principal, request.Params.Name, sent), new McpProgress(request), cancellationToken).ConfigureAwait(false);
        if (outcome is Outcome.Refused { Why.Code: var code } && code == RefusalCatalog.UnknownTool)
        {
            throw new McpProtocolException($"Unknown tool: '{VisibleText.Line(request.Params.Name, 64)}'", McpErrorCode.InvalidParams);
        }

        var page = outcome is Outcome.Proposed ? await _doorbell.Page(cancellationToken).ConfigureAwait(false) : null;
        _doorbell.Ring(outcome, page, request);
        return Answers.Of(outcome, page);
    }
}
