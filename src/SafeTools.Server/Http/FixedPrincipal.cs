using Microsoft.AspNetCore.Http;

namespace SafeTools.Server.Http;

/// <summary>
/// Takes everybody for the one principal that <c>--principal</c> names. Nothing in a request proves it, so it is for addresses alone that only
/// this machine reaches. That the policy still has the principal is asked every time.
/// </summary>
internal sealed class FixedPrincipal(string principal, Catalog catalog)
{
    public async ValueTask<Caller> Identify(HttpRequest request, CancellationToken cancellationToken)
    {
        var standing = await catalog.Standing(cancellationToken).ConfigureAwait(false);
        return standing.Policy.Principals.ContainsKey(principal)
            ? new Caller.Known(principal)
            : new Caller.Stranger(StatusCodes.Status403Forbidden, RefusalCatalog.NotAClient.Because("The accepted policy does not have this server's principal any more."));
    }
}
