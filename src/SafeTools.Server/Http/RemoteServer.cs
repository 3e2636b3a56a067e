using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using SafeTools.Server.Mcp;

namespace SafeTools.Server.Http;

/// <summary>A server over HTTP as a client of one session, or of none, sees it.</summary>
internal sealed class RemoteServer : IDisposable
{
    private const string Json = "application/json", Events = "text/event-stream";

    private readonly Uri _url;
    private readonly HttpClient _http;

    public RemoteServer(Uri url)
    {
        _url = url;
        // What is on this machine is reached without a proxy, and nobody is followed elsewhere.
        var handler = new SocketsHttpHandler { UseProxy = !RemoteAddress.IsHere(url), AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(15) };
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Null before <c>initialize</c>, and in eras that have none.</summary>
    public string? Session { get; private set; }

    /// <summary>What <c>initialize</c> agreed on.</summary>
    private string? Version { get; set; }

    /// <summary>Sends one message; what comes back for it, as it comes.</summary>
    /// <exception cref="HttpRequestException">Nobody answered.</exception>
    /// <exception cref="SessionLostException">The server does not know the session any more.</exception>
    public async Task Post(JsonRpcMessage message, Func<JsonRpcMessage, Task> heard, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(message, IncomingMessage.Type)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(Json);
        request.Headers.Accept.ParseAdd(Json);
        request.Headers.Accept.ParseAdd(Events);
        Say(request, message);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.NotFound && Session is not null)
        {
            throw new SessionLostException();
        }

        await foreach (var answer in Read(response, cancellationToken).ConfigureAwait(false))
        {
            if (message is JsonRpcRequest { Method: RequestMethods.Initialize } && answer is JsonRpcResponse { Result: JsonObject agreed })
            {
                Version = (agreed["protocolVersion"] as JsonValue)?.GetValue<string>();
                Session = response.Headers.TryGetValues(LegacySessions.Header, out var ids) ? ids.First() : null;
            }

            await heard(answer).ConfigureAwait(false);
        }
    }

    /// <summary>News that belongs to no request, until the server ends the stream. False: it offers none.</summary>
    public async Task<bool> Listen(Func<JsonRpcMessage, Task> heard, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _url);
        request.Headers.Accept.ParseAdd(Events);
        Say(request, null);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode)
        {
            return false;
        }

        await foreach (var news in Read(response, cancellationToken).ConfigureAwait(false))
        {
            await heard(news).ConfigureAwait(false);
        }

        return true;
    }

    public async Task End(CancellationToken cancellationToken)
    {
        if (Session is not null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Delete, _url);
            Say(request, null);
            using var _ = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>What the headers must repeat of the message, by its era.</summary>
    private void Say(HttpRequestMessage request, JsonRpcMessage? message)
    {
        var (method, parameters) = message switch
        {
            JsonRpcRequest asked => (asked.Method, asked.Params as JsonObject),
            JsonRpcNotification told => (told.Method, told.Params as JsonObject),
            _ => (null, null),
        };
        if (method is not null && Text(parameters?["_meta"]?[MetaKeys.ProtocolVersion]) is { } modern)
        {
            Add(request, Versions.Header, modern);
            Add(request, Envelope.MethodHeader, method);
            if (Envelope.NameKey(method) is { } key && Text(parameters?[key]) is { } name)
            {
                Add(request, Envelope.NameHeader, name);
            }

            return;
        }

        if (Version is not null)
        {
            Add(request, Versions.Header, Version);
        }

        if (Session is not null)
        {
            Add(request, LegacySessions.Header, Session);
        }
    }

    private static void Add(HttpRequestMessage request, string header, string value) => request.Headers.TryAddWithoutValidation(header, McpHeaderEncoder.EncodeValue(value));

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static async IAsyncEnumerable<JsonRpcMessage> Read(HttpResponseMessage response, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var _ = body.ConfigureAwait(false);
        switch (response.Content.Headers.ContentType?.MediaType)
        {
            case Json:
                yield return await JsonSerializer.DeserializeAsync(body, IncomingMessage.Type, cancellationToken).ConfigureAwait(false) ?? throw new JsonException("null is no message.");
                break;
            case Events:
                await foreach (var item in SseParser.Create(body, static (_, data) => JsonSerializer.Deserialize(data, IncomingMessage.Type)).EnumerateAsync(cancellationToken).ConfigureAwait(false))
                {
                    if (item.Data is { } message)
                    {
                        yield return message;
                    }
                }

                break;
        }
    }
}
