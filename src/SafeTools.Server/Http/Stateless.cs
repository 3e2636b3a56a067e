using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SafeTools.Server.Http;

/// <summary>Requests that stand alone (2026-07-28): each has a server of its own, which ends with the answer.</summary>
/// <param name="served">What a principal is served.</param>
internal sealed class Stateless(Func<string, McpServerOptions> served, ILoggerFactory loggers, IServiceProvider services)
{
    /// <summary>A request that waits for news instead of being worked on.</summary>
    public static bool IsStream(JsonRpcMessage message) => message is JsonRpcRequest { Method: RequestMethods.SubscriptionsListen };

    public async Task<HttpRejection?> Answer(HttpContext context, string principal, JsonRpcMessage message, CancellationToken end)
    {
        var options = served(principal);
        var version = Versions.Named(context.Request);
        if (Envelope.Refuse(context.Request.Headers, version, message, options) is { } rejection)
        {
            return rejection;
        }

        (message.Context ??= new JsonRpcMessageContext()).ProtocolVersion = version;
        options.ScopeRequests = false;
        options.Handlers.SubscriptionsListenHandler ??= new ListChanges(options).Listen;
        var transport = new StreamableHttpServerTransport(loggers) { Stateless = true };
        await using var _ = transport.ConfigureAwait(false);
        var server = McpServer.Create(transport, options, loggers, services);
        await using var __ = server.ConfigureAwait(false);
        var running = server.RunAsync(end);
        try
        {
            await Reply.Write(context, transport, message, Status, end).ConfigureAwait(false);
        }
        finally
        {
            await transport.DisposeAsync().ConfigureAwait(false);
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    /// <summary>This era says some errors by HTTP's status too.</summary>
    private static int Status(int code) => (McpErrorCode)code switch
    {
        McpErrorCode.MethodNotFound => StatusCodes.Status404NotFound,
        McpErrorCode.HeaderMismatch or McpErrorCode.MissingRequiredClientCapability or McpErrorCode.UnsupportedProtocolVersion => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status200OK,
    };
}
