using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SafeTools.Server.Http;

/// <summary>Requests of the eras that begin with <c>initialize</c>, each in its client's session.</summary>
/// <param name="served">What a principal is served.</param>
internal sealed class Legacy(Func<string, McpServerOptions> served, LegacySessions sessions, ILoggerFactory loggers, IServiceProvider services, TimeProvider clock)
{
    public async Task<HttpRejection?> Answer(HttpContext context, string principal, JsonRpcMessage message, CancellationToken end)
    {
        if (Find(context.Request, principal, message, out var session) is { } rejection)
        {
            return rejection;
        }

        var id = (message as JsonRpcRequest)?.Id;
        if (id is { } asked && !session.Expect(asked))
        {
            return new HttpRejection(StatusCodes.Status400BadRequest, -32600, "A request with this id waits for its answer still. Give each request an id of its own.");
        }

        context.Response.Headers[LegacySessions.Header] = session.Id;
        session.Enter();
        try
        {
            await Reply.Write(context, session.Transport, message, static _ => StatusCodes.Status200OK, end).ConfigureAwait(false);
        }
        finally
        {
            session.Leave();
            if (id is { } answered)
            {
                session.Answered(answered);
            }
        }

        return null;
    }

    /// <summary>News that belongs to no request.</summary>
    public async Task<HttpRejection?> Listen(HttpContext context, string principal, CancellationToken end)
    {
        if (!MessageBody.AcceptsEvents(context.Request))
        {
            return HttpRejection.Because(StatusCodes.Status406NotAcceptable, "Accept must list text/event-stream.");
        }

        if (context.Request.Headers.ContainsKey("Last-Event-ID"))
        {
            return HttpRejection.Because(StatusCodes.Status400BadRequest, "Events have no ids here, so nothing can be sent again.");
        }

        if (sessions.Find(context.Request, principal, out var session) is { } rejection)
        {
            return rejection;
        }

        context.Response.Headers[LegacySessions.Header] = session.Id;
        session.Enter();
        try
        {
            ReplyStream.StartEvents(context);
            await session.Transport.HandleGetRequestAsync(context.Response.Body, end).ConfigureAwait(false);
        }
        catch (InvalidOperationException) when (!context.Response.HasStarted)
        {
            return HttpRejection.Because(StatusCodes.Status409Conflict, "This session has a stream already.");
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client is gone, or must open another.
        }
        finally
        {
            session.Leave();
        }

        return null;
    }

    public async Task<HttpRejection?> End(HttpContext context, string principal)
    {
        if (sessions.Find(context.Request, principal, out var session) is { } rejection)
        {
            return rejection;
        }

        await sessions.End(session).ConfigureAwait(false);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    private HttpRejection? Find(HttpRequest request, string principal, JsonRpcMessage message, out LegacySession session)
    {
        session = null!;
        var options = served(principal);
        return Envelope.Refuse(request.Headers, Versions.Named(request), message, options) is { } rejection ? rejection
            : message is JsonRpcRequest { Method: RequestMethods.Initialize } && !request.Headers.ContainsKey(LegacySessions.Header)
                ? sessions.Add(principal, () => new LegacySession(principal, options, loggers, services, clock), out session)
            : sessions.Find(request, principal, out session);
    }
}
