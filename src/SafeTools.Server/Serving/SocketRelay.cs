using System.Net.Sockets;
using SafeTools.Server.Cli;
using SafeTools.Server.Hardening;

namespace SafeTools.Server.Serving;

/// <summary>Carries bytes between standard input and output and a socket, and knows why it ends.</summary>
internal static class SocketRelay
{
    private const int Piece = 64 * 1024;

    /// <summary>How a relay ended.</summary>
    /// <param name="Words">For the person; null where there is nothing to say.</param>
    internal sealed record End(int ExitCode, string? Words);

    public static async Task<End> Run(string path, CancellationToken cancellationToken)
    {
        if (ListeningSocket.Fault(path) is { } fault)
        {
            return new End(ExitCode.Usage, fault);
        }

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException no)
        {
            return new End(ExitCode.Usage, WhyNot(path, no.SocketErrorCode));
        }

        if (!Console.IsInputRedirected)
        {
            await Console.Error.WriteLineAsync("Waiting for an MCP client on standard input; Ctrl-C ends it. An editor starts this command itself, see docs/local-users.md.").ConfigureAwait(false);
        }

        var stream = new NetworkStream(socket);
        await using var _ = stream.ConfigureAwait(false);
        var asking = Task.Run(() => Ask(stream, socket, cancellationToken), CancellationToken.None);
        var refused = await Answer(stream, cancellationToken).ConfigureAwait(false);
        return refused is not null ? new End(ExitCode.Refused, $"The server at {path} refused: {refused}")
            : asking.IsCompleted || cancellationToken.IsCancellationRequested ? new End(ExitCode.Done, null)
            : new End(ExitCode.Found, $"The server at {path} hung up. Its log says why; once it runs again, start this client anew.");
    }

    private static string WhyNot(string path, SocketError error) => error switch
    {
        _ when Ownership.Of(path) is { IsSocket: false, IsLink: false } found => $"{path} is no socket but a {(found.IsFolder ? "folder" : "file")}. Correct the path after unix:.",
        SocketError.WouldBlock => $"The server at {path} is busy; try again.",
        SocketError.ConnectionRefused => $"No server answers at {path}: the one that made it has ended. Start it again, for example: systemctl start safetools",
        SocketError.AccessDenied => $"This user may not reach {path}. Its folder must let this user through (mode 0755); ask whoever runs the server.",
        SocketError.AddressNotAvailable or SocketError.InvalidArgument => $"There is no server at {path}. Start it, for example: systemctl start safetools; or correct the path.",
        _ when !File.Exists(path) => $"There is no socket {path}. Start the server, for example: systemctl start safetools; or correct the path.",
        _ => $"{path} is no socket that a server listens on ({error}). Correct the path after unix:.",
    };

    private static async Task Ask(NetworkStream stream, Socket socket, CancellationToken cancellationToken)
    {
        try
        {
            var input = Console.OpenStandardInput();
            await using var _ = input.ConfigureAwait(false);
            await input.CopyToAsync(stream, Piece, cancellationToken).ConfigureAwait(false);
            // The client has said all; the server may still answer.
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The other direction says how it ended.
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The words of the server's refusal; null where it did not refuse.</summary>
    private static async Task<string?> Answer(NetworkStream stream, CancellationToken cancellationToken)
    {
        var output = Console.OpenStandardOutput();
        await using var _ = output.ConfigureAwait(false);
        var piece = new byte[Piece];
        try
        {
            var held = 0;
            while (held < ConnectionRefusal.Longest && Promises(piece.AsSpan(0, held)))
            {
                var count = await stream.ReadAsync(piece.AsMemory(held), cancellationToken).ConfigureAwait(false);
                held += count;
                if (count == 0)
                {
                    break;
                }
            }

            if (held > ConnectionRefusal.Beginning.Length && Promises(piece.AsSpan(0, held)) && ConnectionRefusal.Words(piece.AsMemory(0, held)) is { } words)
            {
                return words;
            }

            for (var count = held; count > 0; count = await stream.ReadAsync(piece, cancellationToken).ConfigureAwait(false))
            {
                await output.WriteAsync(piece.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
                await output.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // Either end is gone.
        }

        return null;
    }

    /// <summary>Whether it may be a refusal still.</summary>
    private static bool Promises(ReadOnlySpan<byte> soFar)
    {
        var beginning = ConnectionRefusal.Beginning;
        return soFar[..Math.Min(soFar.Length, beginning.Length)].SequenceEqual(beginning[..Math.Min(soFar.Length, beginning.Length)]);
    }
}
