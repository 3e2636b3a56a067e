using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;
using SafeTools.Server.Mcp;

namespace SafeTools.Server.Serving;

/// <summary>Serves one client over standard input and output, and ends the process when the client hangs up.</summary>
internal sealed class McpSession(ClientStreams client, ToolShelf shelf, ILoggerFactory loggers, IServiceProvider services, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var log = loggers.CreateLogger("SafeTools");
        try
        {
            var greeted = await client.Greeted.WaitAsync(stoppingToken).ConfigureAwait(false);
            var transport = new LineTransport(client.Input, client.Output, greeted, loggers);
            await using var _ = transport.ConfigureAwait(false);
            var server = McpServer.Create(transport, McpOptions.Create(shelf, fault => log.LogError(fault, "A call met a fault.")), loggers, services);
            await using var __ = server.ConfigureAwait(false);
            await server.RunAsync(stoppingToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
        finally
        {
            lifetime.StopApplication();
        }
    }
}
