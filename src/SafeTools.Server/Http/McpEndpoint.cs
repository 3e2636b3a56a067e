using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using SafeTools.Server.Mcp;

namespace SafeTools.Server.Http;

/// <summary>
/// MCP's Streamable HTTP at one path. A request goes through who sent it, how many they have open, what it says, whether headers and body agree;
/// what is left is answered alone (2026-07-28) or in the client's session (older eras).
/// </summary>
internal sealed class McpEndpoint(Identify identify, HttpLimits limits, OpenRequests open, Stateless stateless, Legacy legacy, ILoggerFactory loggers)
{
    private readonly ILogger _log = loggers.CreateLogger("SafeTools");

    public async Task Handle(HttpContext context)
    {
        var rejection = await Guarded(context).ConfigureAwait(false);
        if (rejection is not null)
        {
            await rejection.Answer(context).ConfigureAwait(false);
        }
    }

    private async Task<HttpRejection?> Guarded(HttpContext context)
    {
        try
        {
            return await identify(context.Request, context.RequestAborted).ConfigureAwait(false) switch
            {
                Caller.Known known => await Serve(context, known.Principal).ConfigureAwait(false),
                Caller.Stranger stranger => HttpRejection.Of(stranger.Status, stranger.Why),
                _ => throw new NotSupportedException("Unknown caller."),
            };
        }
        catch (StoreException fault)
        {
            _log.LogError("A request was refused: {Fault}", fault.Message);
            return HttpRejection.Of(StatusCodes.Status503ServiceUnavailable, fault.Refusal);
        }
        catch (BadHttpRequestException fault)
        {
            // A body that is too slow, too long or cut off: Kestrel says which.
            return HttpRejection.Because(fault.StatusCode, "The body did not come as it should: too slow, too long or cut off.");
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            return null;
        }
#pragma warning disable CA1031 // Whatever one request does, the others go on, and its sender learns nothing of the inside.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _log.LogError(fault, "A request met a fault.");
            return HttpRejection.Of(StatusCodes.Status500InternalServerError, RefusalCatalog.InternalFault.Because("SafeTools met a fault of its own."));
        }
    }

    private Task<HttpRejection?> Serve(HttpContext context, string principal) => context.Request.Method switch
    {
        "POST" => Post(context, principal),
        "GET" => Legacy(context, () => Counted(context, principal, isStream: true, end => legacy.Listen(context, principal, end))),
        "DELETE" => Legacy(context, () => legacy.End(context, principal)),
        _ => Task.FromResult<HttpRejection?>(NotAllowed("POST, GET, DELETE")),
    };

    /// <summary>GET and DELETE are of the older eras.</summary>
    private static async Task<HttpRejection?> Legacy(HttpContext context, Func<Task<HttpRejection?>> serve)
    {
        var version = Versions.Named(context.Request);
        return Versions.Refuse(version) ?? (Versions.IsModern(version) ? NotAllowed("POST") : await serve().ConfigureAwait(false));
    }

    private async Task<HttpRejection?> Post(HttpContext context, string principal)
    {
        if (MessageBody.Refuse(context.Request, limits.Body) is { } unreadable)
        {
            return unreadable;
        }

        if (await MessageBody.Read(context.Request, limits.Body, context.RequestAborted).ConfigureAwait(false) is not { } incoming)
        {
            return MessageBody.TooLong(limits.Body);
        }

        var (version, message) = (Versions.Named(context.Request), incoming.Message!);
        var rejection = Unclean(incoming, version)
            ?? Versions.Refuse(version)
            ?? await Counted(context, principal, Stateless.IsStream(message), end => Versions.IsModern(version)
                ? stateless.Answer(context, principal, message, end)
                : legacy.Answer(context, principal, message, end)).ConfigureAwait(false);
        if (rejection is not null)
        {
            await rejection.Answer(context, incoming.Id).ConfigureAwait(false);
        }

        return null;
    }

    /// <summary>A method that the era has not is not there, whatever its parameters are.</summary>
    private static HttpRejection? Unclean(IncomingMessage incoming, string version) =>
        incoming.Fault is not { } fault ? null
        : incoming.Message is JsonRpcRequest request && Versions.IsModern(version) && Envelope.RefuseGone(request.Method) is { } gone ? gone
        : new HttpRejection(StatusCodes.Status400BadRequest, fault.Code, fault.Words);

    private async Task<HttpRejection?> Counted(HttpContext context, string principal, bool isStream, Func<CancellationToken, Task<HttpRejection?>> serve)
    {
        if (open.Enter(principal, isStream) is { } full)
        {
            return full;
        }

        try
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, open.End(isStream));
            end.CancelAfter(isStream ? limits.LongestStream : limits.LongestRequest);
            return await serve(end.Token).ConfigureAwait(false);
        }
        finally
        {
            open.Leave(principal, isStream);
        }
    }

    private static HttpRejection NotAllowed(string methods) => HttpRejection.Because(StatusCodes.Status405MethodNotAllowed, "Not with this method of HTTP.") with { Allow = methods };
}
