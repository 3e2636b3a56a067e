using System.Buffers;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using SafeTools.Server.Mcp;

namespace SafeTools.Server.Http;

/// <summary>Why a request goes no further: a status for HTTP, and a JSON-RPC error that every MCP client can read. Nothing that was sent stands in it.</summary>
internal sealed record HttpRejection(int Status, int Code, string Words, JsonNode? Data = null)
{
    /// <summary>In JSON-RPC's range for servers.</summary>
    public const int ServerCode = -32000;

    /// <summary>Methods of HTTP that would do.</summary>
    public string? Allow { get; init; }

    /// <summary>After which the same request may succeed.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>A refusal of ours: the same words that a tool's answer would have.</summary>
    public static HttpRejection Of(int status, Refusal why) => new(status, ServerCode, $"{why.Code.Id} {why.Message} {why.Code.Remedy}");

    public static HttpRejection Because(int status, string words) => new(status, ServerCode, words);

    public static HttpRejection Mismatch(string words) => new(StatusCodes.Status400BadRequest, (int)McpErrorCode.HeaderMismatch, words);

    public static HttpRejection Invalid(string words) => new(StatusCodes.Status400BadRequest, (int)McpErrorCode.InvalidParams, words);

    public static HttpRejection NoSuchMethod(string words) => new(StatusCodes.Status404NotFound, (int)McpErrorCode.MethodNotFound, words);

    public async Task Answer(HttpContext context, RequestId? id = null)
    {
        var response = context.Response;
        if (response.HasStarted)
        {
            context.Abort();
            return;
        }

        var body = new ArrayBufferWriter<byte>();
        ErrorMessage.Write(body, id, Code, Words, Data);
        response.Clear();
        (response.StatusCode, response.ContentType, response.ContentLength) = (Status, "application/json", body.WrittenCount);
        if (Allow is not null)
        {
            response.Headers.Allow = Allow;
        }

        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        await response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
    }
}
