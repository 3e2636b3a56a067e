using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SafeTools.ConformanceHost;

/// <summary>A prompt that a suite asks for by name.</summary>
internal sealed class FixturePrompt(string name, IReadOnlyList<string> arguments, Func<RequestContext<GetPromptRequestParams>, IList<PromptMessage>> body) : McpServerPrompt
{
    public override Prompt ProtocolPrompt { get; } = new()
    {
        Name = name,
        Description = $"The suites' {name}.",
        Arguments = [.. arguments.Select(argument => new PromptArgument { Name = argument, Required = true })],
    };

    public override IReadOnlyList<object> Metadata => [];

    public override ValueTask<GetPromptResult> GetAsync(RequestContext<GetPromptRequestParams> request, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(new GetPromptResult { Messages = body(request) });
}
