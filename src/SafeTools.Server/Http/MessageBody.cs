using Microsoft.AspNetCore.Http;
using SafeTools.Server.Mcp;

namespace SafeTools.Server.Http;

/// <summary>The one message that a POST carries, read with bounds and strictly.</summary>
internal static class MessageBody
{
    private const string Json = "application/json", Events = "text/event-stream";

    /// <summary>Before the body is read. Clients must be ready for both kinds of answer.</summary>
    public static HttpRejection? Refuse(HttpRequest request, int longest) =>
        !Accepts(request, Json) || !Accepts(request, Events) ? HttpRejection.Because(StatusCodes.Status406NotAcceptable, $"Accept must list {Json} and {Events}.")
        : !request.HasJsonContentType() ? HttpRejection.Because(StatusCodes.Status415UnsupportedMediaType, $"Content-Type must be {Json}.")
        : request.Headers.ContentEncoding.Count > 0 ? HttpRejection.Because(StatusCodes.Status415UnsupportedMediaType, "The body must not be compressed.")
        : request.ContentLength > longest ? TooLong(longest)
        : null;

    /// <summary>Null: too long.</summary>
    /// <exception cref="BadHttpRequestException">Too slow, much too long or cut off: the server's limits.</exception>
    public static async Task<IncomingMessage?> Read(HttpRequest request, int longest, CancellationToken cancellationToken)
    {
        var reader = request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (read.Buffer.Length > longest)
            {
                reader.AdvanceTo(read.Buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                var message = IncomingMessage.Read(read.Buffer);
                reader.AdvanceTo(read.Buffer.End);
                return message;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    public static HttpRejection TooLong(int longest) => HttpRejection.Because(StatusCodes.Status413PayloadTooLarge, $"A message has at most {longest} bytes.");

    public static bool AcceptsEvents(HttpRequest request) => Accepts(request, Events);

    private static bool Accepts(HttpRequest request, string type) => request.GetTypedHeaders().Accept.Any(accepted => accepted.MatchesMediaType(type));
}
