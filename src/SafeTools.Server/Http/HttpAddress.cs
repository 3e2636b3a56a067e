using System.Net;

namespace SafeTools.Server.Http;

/// <summary>Where a server listens over HTTP: <c>http://</c>, a name or number of this machine itself, and a port. Clients find it at <see cref="Path"/>.</summary>
internal sealed record HttpAddress
{
    public const string Path = "/mcp";

    private const string Example = "such as http://127.0.0.1:8620";

    private HttpAddress(string host, IReadOnlyList<IPAddress> listens, int port) => (Host, Listens, Port) = (host, listens, port);

    /// <summary>As it stands in a URL.</summary>
    public string Host { get; }

    public IReadOnlyList<IPAddress> Listens { get; }

    /// <summary>0: the system chooses.</summary>
    public int Port { get; }

    public Uri Client(int port) => new($"http://{Host}:{port}{Path}");

    /// <param name="fault">Why not, in words for a person.</param>
    public static HttpAddress? Read(string text, out string fault)
    {
        fault = "";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            fault = $"'{VisibleText.Line(text, 200)}' is no address to listen at: write http://, a host and a port, {Example}.";
        }
        else if (url.Scheme == "https")
        {
            fault = $"This server speaks no TLS itself. Let it listen at an address of this machine alone, {Example}, behind a proxy that does.";
        }
        else if (url.AbsolutePath is not ("/" or Path))
        {
            fault = $"The path is always {Path}: leave '{VisibleText.Line(url.AbsolutePath, 100)}' out.";
        }
        else if (Loopback(url) is { Count: > 0 } listens)
        {
            return new HttpAddress(url.Host, listens, url.Port);
        }
        else
        {
            fault = $"'{VisibleText.Line(url.Host, 100)}' may be reached from other machines, and nothing says yet who a client over HTTP is. Listen at 127.0.0.1, [::1] or localhost, {Example}.";
        }

        return null;
    }

    /// <summary>A name other than localhost is never looked up: what it means may change.</summary>
    private static IReadOnlyList<IPAddress> Loopback(Uri url) =>
        url.Host == "localhost" ? [IPAddress.Loopback]
        : IPAddress.TryParse(url.DnsSafeHost, out var number) && IPAddress.IsLoopback(number) ? [number]
        : [];
}
