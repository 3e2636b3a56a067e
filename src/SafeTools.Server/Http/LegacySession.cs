using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SafeTools.Server.Http;

/// <summary>One client of the eras that begin with <c>initialize</c>. It belongs to the principal that began it, for its whole life.</summary>
internal sealed class LegacySession : IAsyncDisposable
{
    private readonly McpServer _server;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _running;
    private readonly ConcurrentDictionary<RequestId, bool> _unanswered = new();
    private int _uses;
    private long _lastUsed;
    private int _ended;

    public LegacySession(string principal, McpServerOptions options, ILoggerFactory loggers, IServiceProvider services, TimeProvider clock)
    {
        (Principal, _clock, _lastUsed) = (principal, clock, clock.GetTimestamp());
        Transport = new StreamableHttpServerTransport(loggers) { SessionId = Id };
        _server = McpServer.Create(Transport, options, loggers, services);
        _running = _server.RunAsync(_end.Token);
    }

    /// <summary>Not to be guessed: 128 bits, and of no use to another principal.</summary>
    public string Id { get; } = Identifier.NewNonce();

    public string Principal { get; }

    public StreamableHttpServerTransport Transport { get; }

    /// <summary>By the clock's timestamps.</summary>
    public long LastUsed => Volatile.Read(ref _lastUsed);

    /// <summary>False while a request or a stream is open.</summary>
    public bool IsIdle(TimeSpan since) => Volatile.Read(ref _uses) == 0 && _clock.GetElapsedTime(LastUsed) >= since;

    public void Enter() => Interlocked.Increment(ref _uses);

    public void Leave()
    {
        Volatile.Write(ref _lastUsed, _clock.GetTimestamp());
        Interlocked.Decrement(ref _uses);
    }

    /// <summary>False: a request with this id waits for its answer still, and the client could not tell the two answers apart.</summary>
    public bool Expect(RequestId id) => _unanswered.TryAdd(id, true);

    public void Answered(RequestId id) => _unanswered.TryRemove(id, out _);

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            return;
        }

        await _end.CancelAsync().ConfigureAwait(false);
        await Transport.DisposeAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _server.DisposeAsync().ConfigureAwait(false);
        _end.Dispose();
    }
}
