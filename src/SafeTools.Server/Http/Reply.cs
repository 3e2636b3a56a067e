using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace SafeTools.Server.Http;

/// <summary>Gives one message to the SDK and its answer to the client.</summary>
internal static class Reply
{
    private static readonly HttpRejection GivenUp = HttpRejection.Because(
        StatusCodes.Status503ServiceUnavailable,
        "This was given up before it was answered: the server stops, or it took too long. What was begun is written down to its end; look with list_proposals or get_proposal before you ask again.");

    /// <param name="status">HTTP's status for a JSON-RPC error.</param>
    /// <param name="end">Cancelled when the client is gone, the server stops, or it took too long.</param>
    public static async Task Write(HttpContext context, StreamableHttpServerTransport transport, JsonRpcMessage message, Func<int, int> status, CancellationToken end)
    {
        var reply = new ReplyStream(context);
        await using var _ = reply.ConfigureAwait(false);
        try
        {
            var answered = await transport.HandlePostRequestAsync(
                message,
                reply,
                first =>
                {
                    if (first is JsonRpcError { Error.Code: var code } && !context.Response.HasStarted)
                    {
                        context.Response.StatusCode = status(code);
                    }

                    return reply.Begin(first);
                },
                end).ConfigureAwait(false);
            if (!answered && !end.IsCancellationRequested)
            {
                context.Response.StatusCode = StatusCodes.Status202Accepted;
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Told below.
        }

        if (end.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested && message is JsonRpcRequest request && !Stateless.IsStream(message))
        {
            await reply.GiveUp(request.Id, GivenUp).ConfigureAwait(false);
        }
    }
}
