using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace SafeTools.Server.Serving;

/// <summary>Takes clients on the socket. Each has a session of its own; what goes wrong in one is told to the log and touches no other.</summary>
internal sealed class SocketServer(Socket listening, Runtime runtime, LocalUsers users, OpenSessions sessions, ILoggerFactory loggers, IServiceProvider services) : BackgroundService
{
    private static readonly TimeSpan RestAfterFault = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestFarewell = TimeSpan.FromSeconds(2);

    /// <summary>In bytes: what a refused client may still have sent before it is told.</summary>
    private const int LongestUnread = 1024 * 1024;

    private readonly ILogger _log = loggers.CreateLogger("SafeTools");
    private readonly RefusedClients _refused = new(loggers.CreateLogger("SafeTools"), runtime.Clock);
    private readonly Doorway _doorway = new();
    private readonly ConcurrentDictionary<Task, bool> _serving = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var client = await listening.AcceptAsync(stoppingToken).ConfigureAwait(false);
                Admit(client, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (SocketException fault)
            {
                // Too many open files, for one: it passes, and spinning would not help.
                _log.LogError("A client could not be taken: {Fault}", fault.Message);
                await Task.Delay(RestAfterFault, runtime.Clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        listening.Dispose();
        await Task.WhenAll(_serving.Keys).ConfigureAwait(false);
    }

    private void Admit(Socket client, CancellationToken stoppingToken)
    {
        uint user;
        try
        {
            user = PeerUser.Of(client);
        }
        catch (Exception gone) when (gone is SocketException or IOException or ObjectDisposedException)
        {
            client.Dispose();
            return;
        }

        if (!_doorway.TryEnter(user))
        {
            client.Dispose();
            return;
        }

        var serving = Task.Run(() => Take(client, user, stoppingToken), CancellationToken.None);
        _serving.TryAdd(serving, true);
        _ = serving.ContinueWith(done => _serving.TryRemove(done, out bool _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private async Task Take(Socket client, uint user, CancellationToken stoppingToken)
    {
        var admitted = false;
        try
        {
            var standing = await runtime.Catalog.Standing(stoppingToken).ConfigureAwait(false);
            if (users.Who(user, standing.Policy, out var principal) is { } stranger)
            {
                _refused.Say(user, stranger);
                await Refuse(client, stranger).ConfigureAwait(false);
                return;
            }

            var session = new SocketSession(client, user, principal, runtime, users, loggers);
            await using var _ = session.ConfigureAwait(false);
            if (sessions.Add(session) is { } full)
            {
                _refused.Say(user, full);
                await Refuse(client, full).ConfigureAwait(false);
                return;
            }

            try
            {
                admitted = true;
                _doorway.Leave(user);
                session.Follow(standing);
                await session.Run(services, stoppingToken).ConfigureAwait(false);
            }
            finally
            {
                sessions.Remove(session);
            }
        }
        catch (StoreException fault)
        {
            _log.LogError("A client could not be taken: {Fault}", fault.Message);
            await Refuse(client, fault.Refusal).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // The client hung up, or the server stops.
        }
#pragma warning disable CA1031 // Whatever it was, it was this client's: the others go on.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _log.LogError(fault, "A client's session met a fault.");
        }
        finally
        {
            client.Dispose();
            if (!admitted)
            {
                _doorway.Leave(user);
            }
        }
    }

    private async Task Refuse(Socket client, Refusal why)
    {
        using var farewell = new CancellationTokenSource(LongestFarewell, runtime.Clock);
        try
        {
            await client.SendAsync(ConnectionRefusal.Line(why), farewell.Token).ConfigureAwait(false);
            client.Shutdown(SocketShutdown.Send);
            // What the client has sent already is read, or closing would take the line back before it was read.
            var rest = new byte[4096];
            for (int read = 0, count; read < LongestUnread && (count = await client.ReceiveAsync(rest, farewell.Token).ConfigureAwait(false)) > 0; read += count)
            {
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It did not want to hear.
        }
    }
}
