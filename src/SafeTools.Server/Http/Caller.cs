using Microsoft.AspNetCore.Http;

namespace SafeTools.Server.Http;

/// <summary>Who a request is from: asked of every request, before anything of it is read but its headers.</summary>
internal delegate ValueTask<Caller> Identify(HttpRequest request, CancellationToken cancellationToken);

/// <summary>What came of asking.</summary>
internal abstract record Caller
{
    private Caller()
    {
    }

    /// <summary>A principal of the accepted policy.</summary>
    internal sealed record Known(string Principal) : Caller;

    /// <summary>Nobody that this server serves.</summary>
    /// <param name="Status">401 where another proof of identity would help, else 403.</param>
    internal sealed record Stranger(int Status, Refusal Why) : Caller;
}
