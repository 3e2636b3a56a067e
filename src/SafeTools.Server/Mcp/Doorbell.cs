using System.Collections.Concurrent;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SafeTools.Server.Mcp;

/// <summary>
/// Asks the user of a client that can (<c>elicitation.url</c>) to open the page where humans decide. It only rings: nobody reads what comes back,
/// no answer of a client is a decision, and the agent's answer neither waits for it nor changes by it. Once for each proposal.
/// </summary>
internal sealed class Doorbell(Catalog catalog)
{
    /// <summary>MCP from this version on has no requests from server to client; it asks by answering a call with what it needs (MRTR).</summary>
    private const string FirstWithoutServerRequests = "2026-07-28";

    private const string Message = "A request waits for a human's decision. This opens the page where approvers decide; opening it, or closing this, decides nothing.";

    /// <summary>How long a client may leave the question open before it is withdrawn.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, bool> _rung = new(StringComparer.Ordinal);

    /// <summary>The page for humans that the accepted policy names; null where it names none.</summary>
    public async Task<Uri?> Page(CancellationToken cancellationToken) =>
        (await catalog.Standing(cancellationToken).ConfigureAwait(false)).Policy.Rules.Console;

    /// <summary>Beside the answer to the call that made the proposal. In eras without requests to the client the answer names the page, and no more.</summary>
    public void Ring(Outcome outcome, Uri? page, RequestContext<CallToolRequestParams> request)
    {
        if (page is not null && !IsModern(request) && Rings(outcome, request))
        {
            _ = Ask(page, request.Server);
        }
    }

    /// <summary>
    /// While the agent waits for a decision anyway, and has its answer already: the call is answered by the question, and the client calls again.
    /// A client that never does has lost nothing but the wait.
    /// </summary>
    /// <exception cref="InputRequiredException">It rings.</exception>
    public void RingInPlaceOfTheWait(Outcome outcome, Uri? page, RequestContext<CallToolRequestParams> request)
    {
        // No request state: there is nothing to remember, and what a client sends back is not read.
        if (page is not null && IsModern(request) && request.Params.InputResponses is null && Rings(outcome, request))
        {
            throw new InputRequiredException(new Dictionary<string, InputRequest> { ["console"] = InputRequest.ForElicitation(Question(page)) });
        }
    }

    private bool Rings(Outcome outcome, RequestContext<CallToolRequestParams> request) =>
        outcome is Outcome.Proposed { Action: { Status: ActionStatus.Pending, Blocked: null } action }
        && request.Server.ClientCapabilities?.Elicitation?.Url is not null
        && _rung.TryAdd(action.Id, true);

    private static bool IsModern(RequestContext<CallToolRequestParams> request) =>
        string.CompareOrdinal(request.Server.NegotiatedProtocolVersion, FirstWithoutServerRequests) >= 0;

    private static async Task Ask(Uri page, McpServer client)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await client.ElicitAsync(Question(page), patience.Token).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // A courtesy: whatever the client makes of it is no concern of the call.
        }
    }

    /// <summary>The id is drawn for the question alone and says nothing about the action.</summary>
    private static ElicitRequestParams Question(Uri page) =>
        new() { Mode = "url", Url = page.AbsoluteUri, ElicitationId = Identifier.NewNonce(), Message = Message };
}
