using System.Net;

namespace SafeTools.Server.Http;

/// <summary>Where <c>safetools connect</c> finds a server over HTTP. Without TLS only on this machine: what agents ask and are told is nobody else's.</summary>
internal static class RemoteAddress
{
    /// <summary>Whether it is meant as one, right or wrong.</summary>
    public static bool IsMeant(string text) => text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <param name="fault">Why not, in words for a person.</param>
    public static Uri? Read(string text, out string fault)
    {
        fault = "";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.UserInfo.Length > 0 || url.Query.Length > 0 || url.Fragment.Length > 0)
        {
            fault = $"'{VisibleText.Line(text, 200)}' is no address of a server: write the scheme, a host, a port and a path alone, such as http://127.0.0.1:8620/mcp.";
        }
        else if (url.Scheme == "http" && !IsHere(url))
        {
            fault = $"Others on the way could read and change what goes to {VisibleText.Line(url.Host, 100)} without TLS. Use its https:// address.";
        }
        else
        {
            return url.AbsolutePath == "/" ? new Uri(url, HttpAddress.Path) : url;
        }

        return null;
    }

    public static bool IsHere(Uri url) => url.Host == "localhost" || (IPAddress.TryParse(url.DnsSafeHost, out var number) && IPAddress.IsLoopback(number));
}
