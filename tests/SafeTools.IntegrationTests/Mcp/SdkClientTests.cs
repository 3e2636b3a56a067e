using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Mcp;

/// <summary>The SDK's own client against the built server, in both eras.</summary>
public sealed class SdkClientTests : IAsyncLifetime
{
    private readonly Workspace _workspace = Workspace.Create();
    private Human _human = null!;

    public async Task InitializeAsync() => _human = await Human.Genesis(_workspace);

    public Task DisposeAsync()
    {
        _human.Dispose();
        _workspace.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task McpClient_OfEitherEra_ListsCallsAndIsRefused(string era)
    {
        using var patience = new CancellationTokenSource(SafeToolsProgram.Patience);
        var command = SafeToolsProgram.CommandLine(["serve", .. _workspace.Options]);
        var transport = new StdioClientTransport(new StdioClientTransportOptions { Command = command[0], Arguments = [.. command.Skip(1)] });
        // The client's own patience of five seconds for the modern greeting would make a busy machine look like an old server.
        var options = new McpClientOptions { ProtocolVersion = era, DiscoverProbeTimeout = Timeout.InfiniteTimeSpan };
        await using var client = await McpClient.CreateAsync(transport, options, cancellationToken: patience.Token);
        client.NegotiatedProtocolVersion.Should().Be(era);

        (await client.ListToolsAsync(cancellationToken: patience.Token)).Select(tool => tool.Name).Should().Contain("query_staging_db").And.NotContain("purge_volume");
        var read = await client.CallToolAsync("query_staging_db", new Dictionary<string, object?> { ["sql"] = "select 1" }, cancellationToken: patience.Token);
        read.StructuredContent!.Value.GetProperty("outcome").GetString().Should().Be("executed");
        var unknown = () => client.CallToolAsync("purge_volume", cancellationToken: patience.Token).AsTask();
        (await unknown.Should().ThrowAsync<McpProtocolException>()).Which.ErrorCode.Should().Be(McpErrorCode.InvalidParams);
    }
}
