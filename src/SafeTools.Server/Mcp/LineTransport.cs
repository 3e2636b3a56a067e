using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;

namespace SafeTools.Server.Mcp;

/// <summary>
/// MCP's stdio transport with bounds: one JSON-RPC message a line, at most <see cref="LongestLine"/> bytes and <see cref="IncomingMessage.DeepestLevel"/> levels,
/// no duplicate keys. What breaks a bound is answered with a JSON-RPC error and goes no further. When the input ends, answers that are still
/// being worked on are waited for, a short while.
/// </summary>
internal sealed class LineTransport : TransportBase
{
    public const int LongestLine = 1024 * 1024;

    /// <summary>Requests of one client that may wait for their answers at once; each holds memory.</summary>
    public const int MostUnanswered = 128;

    private static readonly TimeSpan LastAnswers = TimeSpan.FromSeconds(5);

    private readonly PipeReader _input;
    private readonly Stream _output;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<RequestId, bool> _unanswered = new();
    private readonly SemaphoreSlim _answered = new(0);
    private readonly ILogger _log;
    private readonly Task _reading;

    /// <summary>The first request is an <c>initialize</c> that <see cref="Greeting"/> answered; the SDK's own answer to it goes no further.</summary>
    private bool _greeted;

    private RequestId? _answeredBefore;

    /// <param name="greeted">The first line was answered already, see <see cref="Greeting"/>.</param>
    public LineTransport(PipeReader input, Stream output, bool greeted, ILoggerFactory loggers)
        : base("stdio", loggers)
    {
        (_input, _output, _greeted, _log) = (input, output, greeted, loggers.CreateLogger("SafeTools"));
        SetConnected();
        _reading = Task.Run(ReadLines);
    }

    public override async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        if (message is JsonRpcResponse or JsonRpcError && ((JsonRpcMessageWithId)message).Id == _answeredBefore)
        {
            await Agree(message).ConfigureAwait(false);
            return;
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            JsonSerializer.Serialize(json, message, IncomingMessage.Type);
        }

        await Write(buffer, cancellationToken).ConfigureAwait(false);
        if (message is JsonRpcResponse or JsonRpcError && _unanswered.TryRemove(((JsonRpcMessageWithId)message).Id, out _))
        {
            _answered.Release();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        SetDisconnected();
        await _input.CompleteAsync().ConfigureAwait(false);
        _stop.Dispose();
        _writing.Dispose();
        _answered.Dispose();
    }

    private async Task Write(ArrayBufferWriter<byte> buffer, CancellationToken cancellationToken)
    {
        buffer.Write("\n"u8);
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // A line is written whole or not at all, so that a cancelled answer cannot tear the stream.
            await _output.WriteAsync(buffer.WrittenMemory, CancellationToken.None).ConfigureAwait(false);
            await _output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    private async Task ReadLines()
    {
        try
        {
            var tooLong = false;
            while (true)
            {
                var read = await _input.ReadAsync(_stop.Token).ConfigureAwait(false);
                var rest = read.Buffer;
                while (rest.PositionOf((byte)'\n') is { } end)
                {
                    var line = rest.Slice(0, end);
                    rest = rest.Slice(rest.GetPosition(1, end));
                    if (!tooLong)
                    {
                        await Receive(line).ConfigureAwait(false);
                    }

                    tooLong = false;
                }

                if (rest.Length > LongestLine)
                {
                    if (!tooLong)
                    {
                        await Reject(null, -32600, $"A message has at most {LongestLine} bytes.").ConfigureAwait(false);
                    }

                    tooLong = true;
                    rest = rest.Slice(rest.End);
                }

                _input.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }

            await FinishAnswers().ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The client is gone or the server stops: nobody is left to tell.
        }
        finally
        {
            SetDisconnected();
        }
    }

    private async Task Receive(ReadOnlySequence<byte> line)
    {
        if (line.Length > LongestLine)
        {
            await Reject(null, -32600, $"A message has at most {LongestLine} bytes.").ConfigureAwait(false);
            return;
        }

        if (line.IsEmpty || IsBlank(line))
        {
            return;
        }

        var incoming = IncomingMessage.Read(line);
        if (incoming.Fault is { } fault)
        {
            await Reject(incoming.Id, fault.Code, fault.Words).ConfigureAwait(false);
            return;
        }

        var message = incoming.Message!;

        if (message is JsonRpcRequest request)
        {
            if (Expect(request.Id) is { } no)
            {
                await Reject(request.Id, no.Code, no.Words).ConfigureAwait(false);
                return;
            }
        }
        else if (IncomingMessage.Cancelled(message) is { } gone)
        {
            // Nobody waits for its answer, and none will come: the end of the input must not wait either.
            _unanswered.TryRemove(gone, out _);
        }

        await WriteMessageAsync(message, _stop.Token).ConfigureAwait(false);
    }

    /// <summary>Null: the request may go on, and its answer is waited for. One id stands for one request until it is answered.</summary>
    private (int Code, string Words)? Expect(RequestId id)
    {
        if (_greeted)
        {
            (_greeted, _answeredBefore) = (false, id);
            return null;
        }

        if (_unanswered.Count >= MostUnanswered)
        {
            return (-32000, $"At most {MostUnanswered} requests may wait for their answers at once. Wait for some of them.");
        }

        return id == _answeredBefore || !_unanswered.TryAdd(id, true)
            ? (-32600, "A request with this id waits for its answer still. Give each request an id of its own.")
            : null;
    }

    /// <summary>The SDK agrees with the greeting, or the client was told what does not hold and must start anew.</summary>
    private async Task Agree(JsonRpcMessage message)
    {
        _answeredBefore = null;
        if (message is JsonRpcError)
        {
            await Disagree().ConfigureAwait(false);
        }
    }

    /// <summary>The client was told that its <c>initialize</c> holds, and it does not: nothing more may be built on it.</summary>
    private async Task Disagree()
    {
        _log.LogWarning("The client's initialize request does not hold. The connection ends.");
        await _stop.CancelAsync().ConfigureAwait(false);
    }

    private static bool IsBlank(ReadOnlySequence<byte> line)
    {
        foreach (var part in line)
        {
            if (part.Span.ContainsAnyExcept(" \t\r"u8))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A JSON-RPC 2.0 §5.1 error; its id is null where the message had none that can be read.</summary>
    private async Task Reject(RequestId? id, int code, string message)
    {
        if (_greeted)
        {
            await Disagree().ConfigureAwait(false);
            return;
        }

        var buffer = new ArrayBufferWriter<byte>();
        ErrorMessage.Write(buffer, id, code, message);
        await Write(buffer, _stop.Token).ConfigureAwait(false);
    }

    private async Task FinishAnswers()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        patience.CancelAfter(LastAnswers);
        while (!_unanswered.IsEmpty)
        {
            await _answered.WaitAsync(patience.Token).ConfigureAwait(false);
        }
    }
}
