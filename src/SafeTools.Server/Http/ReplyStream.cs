using System.Buffers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ModelContextProtocol.Protocol;
using SafeTools.Server.Mcp;

namespace SafeTools.Server.Http;

/// <summary>
/// Where the SDK writes the answer to a POST, as server-sent events. Where the first thing it says is the answer itself, nothing streams: it goes
/// out as plain JSON, and the events go nowhere.
/// </summary>
internal sealed class ReplyStream(HttpContext context) : Stream
{
    /// <summary>The first event as far as it was written, where the SDK has not said what it is.</summary>
    private readonly ArrayBufferWriter<byte> _first = new();

    private Form _form = Form.Open;

    private enum Form
    {
        Open,
        Events,
        Plain,
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Before the SDK writes its first message; null where it does not say which, so that the message itself must.</summary>
    public async ValueTask Begin(JsonRpcMessage? first)
    {
        switch (first)
        {
            case null:
                break;
            case JsonRpcResponse or JsonRpcError when _form == Form.Open:
                await WritePlain(JsonSerializer.SerializeToUtf8Bytes(first, IncomingMessage.Type)).ConfigureAwait(false);
                break;
            default:
                await WriteEvents(ReadOnlyMemory<byte>.Empty, CancellationToken.None).ConfigureAwait(false);
                break;
        }
    }

    /// <summary>The last word to a request whose work was given up: what was begun may go on, and its record says how it ended.</summary>
    public async Task GiveUp(RequestId id, HttpRejection why)
    {
        switch (_form)
        {
            case Form.Open:
                _form = Form.Plain;
                await why.Answer(context, id).ConfigureAwait(false);
                break;
            case Form.Events:
                var data = new ArrayBufferWriter<byte>();
                ErrorMessage.Write(data, id, why.Code, why.Words, why.Data);
                await context.Response.WriteAsync($"event: message\ndata: {Encoding.UTF8.GetString(data.WrittenSpan)}\n\n", context.RequestAborted).ConfigureAwait(false);
                break;
            case Form.Plain:
                break;
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        switch (_form)
        {
            case Form.Plain:
                break;
            case Form.Events:
                await WriteEvents(buffer, cancellationToken).ConfigureAwait(false);
                break;
            case Form.Open:
                _first.Write(buffer.Span);
                if (_first.WrittenSpan.EndsWith("\n\n"u8))
                {
                    await Decide(cancellationToken).ConfigureAwait(false);
                }

                break;
        }
    }

    /// <summary>An answer has no method.</summary>
    private async Task Decide(CancellationToken cancellationToken)
    {
        var data = SseParser.Create(new MemoryStream(_first.WrittenMemory.ToArray())).Enumerate().FirstOrDefault().Data ?? "";
        var isAnswer = data.Length > 0 && JsonNode.Parse(data) is JsonObject message && !message.ContainsKey("method");
        await (isAnswer ? WritePlain(Encoding.UTF8.GetBytes(data)) : WriteEvents(_first.WrittenMemory, cancellationToken)).ConfigureAwait(false);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Before anything was said there is nothing to send, and the status is not settled.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) =>
        _form == Form.Events ? context.Response.Body.FlushAsync(cancellationToken) : Task.CompletedTask;

    public override void Flush()
    {
    }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Nothing between here and the client may hold events back.</summary>
    public static void StartEvents(HttpContext context)
    {
        var headers = context.Response.Headers;
        (headers.ContentType, headers.CacheControl, headers["X-Accel-Buffering"]) = ("text/event-stream", "no-cache, no-store", "no");
        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
    }

    private async Task WriteEvents(ReadOnlyMemory<byte> events, CancellationToken cancellationToken)
    {
        if (_form == Form.Open)
        {
            _form = Form.Events;
            StartEvents(context);
        }

        await context.Response.Body.WriteAsync(events, cancellationToken).ConfigureAwait(false);
    }

    private async Task WritePlain(byte[] body)
    {
        _form = Form.Plain;
        (context.Response.ContentType, context.Response.ContentLength, context.Response.Headers.CacheControl) = ("application/json", body.Length, "no-store");
        await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }
}
