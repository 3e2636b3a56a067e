using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace SafeTools.IntegrationTests.Postgres.Support;

/// <summary>What a proxy does with what the server answers.</summary>
internal enum Weather
{
    /// <summary>Passes it on.</summary>
    Fair,

    /// <summary>Takes everything and passes nothing on, in either direction; new connections are accepted and left alone.</summary>
    BlackHole,

    /// <summary>Passes on one byte of the answer at a time, with a pause between.</summary>
    Trickle,

    /// <summary>Sends bytes that are no PostgreSQL.</summary>
    Garbage,

    /// <summary>Closes after some hundred bytes of an answer: in the middle of a row.</summary>
    CutMidway,

    /// <summary>Ends its side of what goes to the client, and goes on taking from it.</summary>
    HalfClose,
}

/// <summary>Stands between the program and a server, and makes the weather there.</summary>
internal sealed class Proxy : IAsyncDisposable
{
    private const int CutAfter = 700;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly int _server;
    private readonly Task _accepting;
    private TaskCompletionSource _changed = New();
    private volatile Weather _weather;

    public Proxy(int server, Weather weather = Weather.Fair)
    {
        (_server, _weather) = (server, weather);
        _listener.Start();
        _accepting = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Weather Weather
    {
        get => _weather;
        set
        {
            _weather = value;
            Interlocked.Exchange(ref _changed, New()).SetResult();
        }
    }

    /// <summary>Resets every connection.</summary>
    public void Cut()
    {
        foreach (var socket in _open.Keys)
        {
            try
            {
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
            }
            catch (ObjectDisposedException)
            {
                // It went by itself.
            }

            socket.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _stop.Dispose();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                _ = Serve(await _listener.AcceptSocketAsync(_stop.Token));
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task Serve(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        _open[client] = _open[server] = true;
        try
        {
            if (_weather == Weather.Garbage)
            {
                await client.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n\0\0\0\0\u007f\u007f\u007f\u007f"u8.ToArray(), _stop.Token);
                return;
            }

            while (_weather == Weather.BlackHole)
            {
                await _changed.Task.WaitAsync(_stop.Token);
            }

            await server.ConnectAsync(IPAddress.Loopback, _server, _stop.Token);
            await Task.WhenAny(Pass(client, server, answers: false), Pass(server, client, answers: true));
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One of them went.
        }
        finally
        {
            _open.TryRemove(client, out _);
            _open.TryRemove(server, out _);
            client.Dispose();
        }
    }

    private async Task Pass(Socket from, Socket to, bool answers)
    {
        var bytes = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(bytes, _stop.Token) is > 0 and var count)
            {
                while (_weather == Weather.BlackHole)
                {
                    await _changed.Task.WaitAsync(_stop.Token);
                }

                if (!answers || _weather == Weather.Fair)
                {
                    await Send(to, bytes.AsMemory(0, count));
                    continue;
                }

                switch (_weather)
                {
                    case Weather.Trickle:
                        for (var at = 0; at < count; at++)
                        {
                            await Send(to, bytes.AsMemory(at, 1));
                            await Task.Delay(1, _stop.Token);
                        }

                        break;
                    case Weather.Garbage:
                        bytes.AsSpan(0, count).Fill(0x7f);
                        await Send(to, bytes.AsMemory(0, count));
                        break;
                    case Weather.CutMidway when count > CutAfter:
                        await Send(to, bytes.AsMemory(0, CutAfter));
                        return;
                    case Weather.HalfClose:
                        to.Shutdown(SocketShutdown.Send);
                        await _changed.Task.WaitAsync(_stop.Token);
                        return;
                    case Weather.CutMidway or Weather.Fair or Weather.BlackHole:
                        await Send(to, bytes.AsMemory(0, count));
                        break;
                }
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // One of them went.
        }
    }

    private async Task Send(Socket to, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await to.SendAsync(bytes, _stop.Token)..];
        }
    }
}
