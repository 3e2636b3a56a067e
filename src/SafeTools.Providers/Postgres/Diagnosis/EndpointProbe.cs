using System.Buffers.Binary;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// Looks at a place without showing a credential: its name, its port, and what it answers to PostgreSQL's question for TLS (docs, 55.2.10 "SSL Session
/// Encryption"). The server writes nothing of it into its log.
/// </summary>
internal static class EndpointProbe
{
    private const int AskForTls = 80877103;
    private const int MostAddresses = 4;

    /// <summary>For each step: a name, a connection, an answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static async Task<EndpointSight> Look(Endpoint endpoint, ConnectionTarget target, CancellationToken cancellationToken)
    {
        if (endpoint.Host.StartsWith('/'))
            return await Connected(endpoint, [new UnixDomainSocketEndPoint($"{endpoint.Host}/.s.PGSQL.{endpoint.Port}")], [], null, cancellationToken).ConfigureAwait(false);
        var addresses = await Addresses(endpoint.Host, cancellationToken).ConfigureAwait(false);
        return addresses.Count == 0
            ? new EndpointSight(endpoint, Reached.HostUnknown)
            : await Connected(endpoint, [.. addresses.Select(address => new IPEndPoint(address, endpoint.Port))], addresses, target, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<IReadOnlyList<IPAddress>> Addresses(string host, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await Dns.GetHostAddressesAsync(host, cancellationToken).WaitAsync(Patience, cancellationToken).ConfigureAwait(false)).Take(MostAddresses)];
        }
        catch (Exception fault) when (fault is SocketException or TimeoutException or ArgumentException)
        {
            return [];
        }
    }

    /// <param name="target">Null where nobody listens on the way, so that TLS is not asked for.</param>
    private static async Task<EndpointSight> Connected(
        Endpoint endpoint, IReadOnlyList<EndPoint> places, IReadOnlyList<IPAddress> addresses, ConnectionTarget? target, CancellationToken cancellationToken)
    {
        var sight = new EndpointSight(endpoint, Reached.Unreachable) { Addresses = addresses };
        foreach (var place in places)
        {
            using var socket = new Socket(place.AddressFamily, SocketType.Stream, place is UnixDomainSocketEndPoint ? ProtocolType.Unspecified : ProtocolType.Tcp);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(Patience);
            try
            {
                await socket.ConnectAsync(place, limit.Token).ConfigureAwait(false);
                return target is null ? sight with { Reached = Reached.Postgres } : await Asked(socket, sight, target, cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException fault)
            {
                sight = sight with { Reached = fault.SocketErrorCode == SocketError.ConnectionRefused ? Reached.Refused : fault.SocketErrorCode == SocketError.TimedOut ? Reached.TimedOut : Reached.Unreachable };
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                sight = sight with { Reached = Reached.TimedOut };
            }
        }

        return sight;
    }

    private static async Task<EndpointSight> Asked(Socket socket, EndpointSight sight, ConnectionTarget target, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        var stream = new NetworkStream(socket, ownsSocket: false);
        await using var _ = stream.ConfigureAwait(false);
        try
        {
            var question = new byte[8];
            BinaryPrimitives.WriteInt32BigEndian(question, question.Length);
            BinaryPrimitives.WriteInt32BigEndian(question.AsSpan(4), AskForTls);
            await stream.WriteAsync(question, limit.Token).ConfigureAwait(false);
            // One letter and nothing behind it; a banner that begins with the same letter (SSH) goes on.
            var answer = new byte[2];
            var read = await stream.ReadAsync(answer, limit.Token).ConfigureAwait(false);
            return (read, (char)answer[0]) switch
            {
                (1, 'N') => sight with { Reached = Reached.Postgres, OffersTls = false },
                (1, 'S') => await Agreed(stream, sight with { Reached = Reached.Postgres, OffersTls = true }, target, limit.Token).ConfigureAwait(false),
                (_, 'E') => sight with { Reached = Reached.Postgres },
                _ => sight with { Reached = Reached.NotPostgres },
            };
        }
        catch (Exception fault) when (fault is IOException or SocketException || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return sight with { Reached = Reached.NotPostgres };
        }
    }

    private static async Task<EndpointSight> Agreed(NetworkStream stream, EndpointSight sight, ConnectionTarget target, CancellationToken cancellationToken)
    {
        CertificateSight? seen = null;
        var secured = new SslStream(stream, leaveInnerStreamOpen: true);
        await using var _ = secured.ConfigureAwait(false);
        try
        {
            await secured.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = sight.Endpoint.Host,
                    CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                    // Whatever it is: it is looked at here and nothing is sent. The login judges by itself.
                    RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                    {
                        if (certificate is X509Certificate2 own)
                            seen = new CertificateSight(ServerCertificate.KeyOf(own), own.NotAfter, own.NotBefore, errors, target.RootCertificate is { } root && ServerCertificate.IsSignedBy(own, root));
                        return seen is not null;
                    },
                },
                cancellationToken).ConfigureAwait(false);
            return sight with { Certificate = seen };
        }
        catch (Exception fault) when (fault is AuthenticationException or IOException or SocketException)
        {
            return sight with { TlsFailed = true, Certificate = seen };
        }
    }
}
