using System.Net;
using System.Net.Sockets;

namespace SafeTools.Corpus.Observing;

/// <summary>A stranger's server on the port that statements name as a place to send data to.</summary>
internal sealed class NetworkWatch : IWatch
{
    public const int Port = 46998;

    private readonly TcpListener _listener = new(IPAddress.Loopback, Port);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;
    private int _came;

    public NetworkWatch()
    {
        _listener.Start();
        _accepting = Accept();
    }

    public async Task<IReadOnlyList<Sighting>> Look(CancellationToken cancellationToken)
    {
        while (_listener.Pending())
        {
            await Task.Yield();
        }

        return Interlocked.Exchange(ref _came, 0) is var came and > 0 ? [new Sighting(Sense.Network, $"{came} connections to port {Port}")] : [];
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                using var stranger = await _listener.AcceptSocketAsync(_end.Token);
                Interlocked.Increment(ref _came);

                // Reset rather than closed: a connection that lingers would keep the port from the next watch.
                stranger.LingerState = new LingerOption(enable: true, seconds: 0);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }
}
