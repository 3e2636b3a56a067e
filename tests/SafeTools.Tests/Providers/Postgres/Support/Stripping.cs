using System.Net;
using System.Net.Sockets;

namespace SafeTools.Tests.Providers.Postgres.Support;

/// <summary>Somebody on the way to the server, who passes everything on; once told to, also answers that TLS is not to be had.</summary>
internal sealed class Stripping : IDisposable
{
    private static readonly byte[] NoTls = "N"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _server;
    private volatile bool _strips;
    private int _plain;

    public Stripping(int server)
    {
        _server = server;
        _listener.Start();
        _ = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections that went on without TLS.</summary>
    public int Plain => Volatile.Read(ref _plain);

    public void Strip() => _strips = true;

    public void Dispose() => _listener.Dispose();

    private async Task Accept()
    {
        try
        {
            while (true)
                _ = Pass(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception fault) when (fault is ObjectDisposedException or SocketException)
        {
            // Disposed.
        }
    }

    private async Task Pass(TcpClient accepted)
    {
        using var client = accepted;
        using var server = new TcpClient();
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _server);
            var (near, far) = (client.GetStream(), server.GetStream());
            var first = new byte[8];
            await near.ReadExactlyAsync(first);
            // Length 8, code 80877103: SSLRequest.
            if (first is [0, 0, 0, 8, 4, 210, 22, 47] && _strips)
            {
                await near.WriteAsync(NoTls);
                await near.ReadExactlyAsync(first);
            }

            if (first is not [0, 0, 0, 8, 4, 210, 22, 47 or 46])
                Interlocked.Increment(ref _plain);
            await far.WriteAsync(first);
            await Task.WhenAny(near.CopyToAsync(far), far.CopyToAsync(near));
        }
        catch (Exception fault) when (fault is IOException or SocketException)
        {
            // One side hung up.
        }
    }
}
