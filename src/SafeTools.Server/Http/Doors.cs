using Microsoft.AspNetCore.Http;

namespace SafeTools.Server.Http;

/// <summary>
/// Which names a request may be addressed to, and which pages may send one. A browser that a page has led here by its own name for this machine
/// (DNS rebinding) says that name as Host; a page of another origin says its own as Origin.
/// </summary>
/// <param name="names">Host names without port; of this machine, and what a person added.</param>
internal sealed class Doors(IEnumerable<string> names)
{
    private readonly HashSet<string> _names = new(["localhost", "127.0.0.1", "[::1]", .. names], StringComparer.OrdinalIgnoreCase);

    public HttpRejection? Refuse(HttpRequest request)
    {
        if (!_names.Contains(request.Host.Host))
        {
            return HttpRejection.Because(StatusCodes.Status403Forbidden, "This server is not called by that name (Host). A human may add it: safetools serve --http URL --host NAME.");
        }

        var origins = request.Headers.Origin;
        return origins.Count == 0 || origins is [{ } origin] && IsOwn(origin, request.Host)
            ? null
            : HttpRejection.Because(StatusCodes.Status403Forbidden, "Pages of another origin may not speak to this server (Origin).");
    }

    /// <summary>Another port of this machine is another origin: who knows what serves pages there.</summary>
    private static bool IsOwn(string origin, HostString host) =>
        string.Equals(origin, $"http://{host.Value}", StringComparison.OrdinalIgnoreCase) || string.Equals(origin, $"https://{host.Value}", StringComparison.OrdinalIgnoreCase);
}
