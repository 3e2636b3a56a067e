using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Protocol;
using SafeTools.Server.Cli;
using SafeTools.Server.Mcp;
using SafeTools.Server.Serving;

namespace SafeTools.Server.Http;

/// <summary>Carries messages between standard input and output and a server over HTTP, in whichever era the client speaks, and knows why it ends.</summary>
internal sealed class HttpRelay : IDisposable
{
    private static readonly TimeSpan RestBetweenStreams = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly Uri _url;
    private readonly RemoteServer _server;
    private readonly LineTransport _lines;
    private readonly ConcurrentDictionary<RequestId, CancellationTokenSource> _asked = new();
    private readonly CancellationTokenSource _stop;
    private Task _listening = Task.CompletedTask;
    private SocketRelay.End? _end;
    private bool _reached;

    private HttpRelay(Uri url, Stream input, Stream output, CancellationToken cancellationToken)
    {
        (_url, _server) = (url, new RemoteServer(url));
        _lines = new LineTransport(PipeReader.Create(input), output, greeted: false, NullLoggerFactory.Instance);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    public static async Task<SocketRelay.End> Run(Uri url, CancellationToken cancellationToken)
    {
        if (!Console.IsInputRedirected)
        {
            await Console.Error.WriteLineAsync("Waiting for an MCP client on standard input; Ctrl-C ends it. An editor starts this command itself, see docs/http.md.").ConfigureAwait(false);
        }

        using var relay = new HttpRelay(url, Console.OpenStandardInput(), Console.OpenStandardOutput(), cancellationToken);
        return await relay.Carry().ConfigureAwait(false);
    }

    /// <summary>The lines are left alone: nothing interrupts a read of standard input but its end, and the process ends now.</summary>
    public void Dispose()
    {
        _server.Dispose();
        _stop.Dispose();
    }

    private async Task<SocketRelay.End> Carry()
    {
        var asking = new ConcurrentDictionary<Task, bool>();
        try
        {
            await foreach (var message in _lines.MessageReader.ReadAllAsync(_stop.Token).ConfigureAwait(false))
            {
                var sending = Send(message);
                if (message is JsonRpcRequest and not JsonRpcRequest { Method: RequestMethods.Initialize })
                {
                    asking.TryAdd(sending, true);
                    _ = sending.ContinueWith(done => asking.TryRemove(done, out bool _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                }
                else
                {
                    // What follows builds on it.
                    await sending.ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Asked to stop, or the server is gone.
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll([.. asking.Keys, _listening]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await SayGoodbye().ConfigureAwait(false);
        return _end ?? new SocketRelay.End(ExitCode.Done, null);
    }

    private async Task Send(JsonRpcMessage message)
    {
        var id = (message as JsonRpcRequest)?.Id;
        using var given = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        if (id is { } asked)
        {
            _asked[asked] = given;
        }

        var answered = id is null;
        try
        {
            if (_server.Session is null && IncomingMessage.Cancelled(message) is { } gone)
            {
                // Where requests stand alone, hanging up is what cancels one.
                if (_asked.TryGetValue(gone, out var request))
                {
                    await request.CancelAsync().ConfigureAwait(false);
                }

                return;
            }

            await _server.Post(
                message,
                async heard =>
                {
                    _reached = true;
                    var own = id is not null && heard is JsonRpcError { Id.Id: null } error ? new JsonRpcError { Id = id.Value, Error = error.Error } : heard;
                    answered |= own is JsonRpcMessageWithId and (JsonRpcResponse or JsonRpcError);
                    await _lines.SendMessageAsync(own, CancellationToken.None).ConfigureAwait(false);
                },
                given.Token).ConfigureAwait(false);
            if (message is JsonRpcNotification { Method: NotificationMethods.InitializedNotification } && _server.Session is not null)
            {
                _listening = Listen();
            }
        }
        catch (SessionLostException)
        {
            await HangUp(new SocketRelay.End(ExitCode.Found, $"The server at {_url} does not know this session any more: it was started anew, or nobody used the session for long. Start this client anew.")).ConfigureAwait(false);
        }
        catch (HttpRequestException no) when (!_reached)
        {
            await HangUp(new SocketRelay.End(ExitCode.Usage, $"No server answers at {_url} ({no.HttpRequestError}). Start it, for example: safetools serve --http {_url.GetLeftPart(UriPartial.Authority)}; or correct the address.")).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException or JsonException or FormatException)
        {
            // Told below, where somebody waits.
        }
        catch (OperationCanceledException) when (given.IsCancellationRequested)
        {
            answered = true;
        }
        finally
        {
            if (id is { } done)
            {
                _asked.TryRemove(done, out _);
            }
        }

        if (!answered && !_stop.IsCancellationRequested)
        {
            var words = $"The server did not answer. Whether it did what was asked is not known; look with list_proposals before you ask again.";
            await _lines.SendMessageAsync(new JsonRpcError { Id = id!.Value, Error = new JsonRpcErrorDetail { Code = HttpRejection.ServerCode, Message = words } }, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async Task Listen()
    {
        try
        {
            while (await _server.Listen(heard => _lines.SendMessageAsync(heard, CancellationToken.None), _stop.Token).ConfigureAwait(false))
            {
                await Task.Delay(RestBetweenStreams, _stop.Token).ConfigureAwait(false);
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or HttpRequestException or IOException or JsonException or FormatException)
        {
            // The next request finds out whether the server is there.
        }
    }

    private async Task HangUp(SocketRelay.End end)
    {
        Interlocked.CompareExchange(ref _end, end, null);
        await _stop.CancelAsync().ConfigureAwait(false);
    }

    private async Task SayGoodbye()
    {
        using var patience = new CancellationTokenSource(Farewell);
        try
        {
            await _server.End(patience.Token).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is OperationCanceledException or HttpRequestException)
        {
            // It ends by itself after a while.
        }
    }
}
