using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using SafeTools.Server.Serving;

namespace SafeTools.Server.Demo;

/// <summary>The agent's side: a real MCP client on the standard input and output of a real server process of this build.</summary>
internal sealed class AgentSession : IAsyncDisposable
{
    private readonly McpClient _client;

    private AgentSession(McpClient client) => _client = client;

    /// <param name="heard">Lines that the server writes to standard error.</param>
    public static async Task<AgentSession> Connect(Locations locations, System.Action<string> heard, CancellationToken cancellationToken)
    {
        var self = System.Environment.ProcessPath ?? throw new InvalidOperationException("The process does not know its own path.");
        string[] program = Path.GetFileNameWithoutExtension(self) == "dotnet" ? [Path.Combine(AppContext.BaseDirectory, "safetools.dll")] : [];
        var transport = new StdioClientTransport(new StdioClientTransportOptions
        {
            Command = self,
            Arguments = [.. program, "serve", "--config", locations.Configuration, "--state", locations.State],
            InheritEnvironmentVariables = false,
            EnvironmentVariables = RuntimeVariables(),
            StandardErrorLines = heard,
            ShutdownTimeout = TimeSpan.FromSeconds(5),
        });
        return new AgentSession(await McpClient.CreateAsync(transport, cancellationToken: cancellationToken).ConfigureAwait(false));
    }

    public async Task<IReadOnlyList<Tool>> Tools(CancellationToken cancellationToken) =>
        [.. (await _client.ListToolsAsync(cancellationToken: cancellationToken).ConfigureAwait(false)).Select(tool => tool.ProtocolTool)];

    /// <summary>The structured answer; a protocol error comes as an answer of outcome <c>error</c>.</summary>
    public async Task<JsonObject> Call(string tool, JsonObject arguments, CancellationToken cancellationToken)
    {
        try
        {
            var parameters = new CallToolRequestParams
            {
                Name = tool,
                Arguments = arguments.ToDictionary(argument => argument.Key, argument => JsonValues.Element(argument.Value!), StringComparer.Ordinal),
            };
            var result = await _client.CallToolAsync(parameters, cancellationToken).ConfigureAwait(false);
            return JsonNode.Parse(result.StructuredContent!.Value.GetRawText())!.AsObject();
        }
        catch (McpProtocolException error)
        {
            return new JsonObject { ["outcome"] = "error", ["code"] = ((int)error.ErrorCode).ToString(System.Globalization.CultureInfo.InvariantCulture), ["message"] = error.Message };
        }
    }

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    /// <summary>A child gets an empty environment and what finding the .NET runtime may need.</summary>
    private static Dictionary<string, string?> RuntimeVariables()
    {
        string[] names = ["DOTNET_ROOT", "HOME", "TMPDIR"];
        return names.Where(name => System.Environment.GetEnvironmentVariable(name) is not null).ToDictionary(name => name, System.Environment.GetEnvironmentVariable, StringComparer.Ordinal);
    }
}
