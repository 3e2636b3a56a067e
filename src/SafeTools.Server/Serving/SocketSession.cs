using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;
using SafeTools.Server.Mcp;

namespace SafeTools.Server.Serving;

/// <summary>One client on the socket. Who it is was settled when it connected; that it still is so is asked anew at every call.</summary>
internal sealed class SocketSession(Socket client, uint user, string principal, Runtime runtime, LocalUsers users, ILoggerFactory loggers) : IAsyncDisposable
{
    /// <summary>How long a client may take for its first message.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _end = new();

    public uint User => user;

    private ToolShelf Shelf { get; } = runtime.Shelf(principal);

    /// <summary>Brings what the client is shown in line; ends the session where its user is not the same principal any more.</summary>
    public void Follow(Standing standing)
    {
        if (Stranger(standing) is null)
        {
            Shelf.Follow(standing);
        }
        else
        {
            End();
        }
    }

    /// <summary>Ends when the client hangs up, never speaks, loses its access, or the server stops.</summary>
    public async Task Run(IServiceProvider services, CancellationToken stoppingToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, _end.Token);
        // A client that does not read would otherwise hold an answer, and with it the end of the session, for ever.
        using var closing = end.Token.Register(client.Dispose);
        var stream = new NetworkStream(client, ownsSocket: true);
        await using var _ = stream.ConfigureAwait(false);
        var watch = new FirstLineWatch(stream);
        await using var __ = watch.ConfigureAwait(false);
        var log = loggers.CreateLogger("SafeTools");
        var options = McpOptions.Create(Shelf, fault => log.LogError(fault, "A call met a fault."));
        options.Filters.Request.CallToolFilters.Add(next => async (request, cancellationToken) =>
        {
            if (Stranger(await runtime.Catalog.Standing(cancellationToken).ConfigureAwait(false)) is not { } why)
            {
                return await next(request, cancellationToken).ConfigureAwait(false);
            }

            return Answers.Of(new Outcome.Refused(why));
        });
        var transport = new LineTransport(PipeReader.Create(watch), stream, greeted: false, loggers);
        await using var ___ = transport.ConfigureAwait(false);
        var server = McpServer.Create(transport, options, loggers, services);
        await using var ____ = server.ConfigureAwait(false);
        var running = server.RunAsync(end.Token);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
        if (await Task.WhenAny(running, watch.Seen, Task.Delay(Patience, runtime.Clock, patience.Token)).ConfigureAwait(false) != running && !watch.Seen.IsCompleted)
        {
            End();
        }

        await patience.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(false);
    }

    public ValueTask DisposeAsync()
    {
        _end.Dispose();
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    private void End()
    {
        try
        {
            _end.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself.
        }
    }

    private Refusal? Stranger(Standing standing) => users.Who(user, standing.Policy, out var now) is { } why
        ? why
        : now == principal ? null : RefusalCatalog.NotAClient.Because("The accepted policy has made this user another principal. Connect again.");
}
