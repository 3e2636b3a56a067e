using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SafeTools.Tests.Providers.Postgres.Diagnosis;

/// <summary>A service on 127.0.0.1 that is no PostgreSQL.</summary>
internal sealed class Listener : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _held = [];

    private Listener(int backlog)
    {
        _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _socket.Listen(backlog);
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Answers every connection with a text, whatever it says.</summary>
    public static Listener Saying(string text)
    {
        var listener = new Listener(16);
        _ = listener.Answer(Encoding.ASCII.GetBytes(text));
        return listener;
    }

    /// <summary>A port whose queue is full: who connects hears nothing.</summary>
    public static Listener Deaf()
    {
        var listener = new Listener(0);
        for (var turn = 0; turn < 2; turn++)
        {
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
            listener._held.Add(client);
            try
            {
                client.Connect(IPAddress.Loopback, listener.Port);
            }
            catch (SocketException fault) when (fault.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
            }
        }

        return listener;
    }

    public void Dispose()
    {
        _socket.Dispose();
        _held.ForEach(socket => socket.Dispose());
    }

    private async Task Answer(byte[] text)
    {
        try
        {
            while (true)
            {
                var client = await _socket.AcceptAsync();
                _held.Add(client);
                await client.SendAsync(text);
            }
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
        }
    }
}
