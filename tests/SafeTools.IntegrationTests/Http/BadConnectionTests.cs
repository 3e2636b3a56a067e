using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Http;

/// <summary>Clients that take long, say too much or say nothing: each is let go in bounded time, and the others are served.</summary>
public sealed class BadConnectionTests(HttpFixture fixture) : IClassFixture<HttpFixture>
{
    private const int MostConnections = 1024;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(40);

    private IPEndPoint Address => new(IPAddress.Loopback, fixture.Server.Url.Port);

    [Fact]
    public async Task Headers_Huge_AreRefused()
    {
        (await Answer($"{Start()}X-Long: {new string('x', 20_000)}\r\n\r\n")).Should().StartWith("HTTP/1.1 431");
        (await Answer($"{Start()}{string.Concat(Enumerable.Range(0, 100).Select(count => $"X-{count}: x\r\n"))}\r\n")).Should().StartWith("HTTP/1.1 431");
        (await Answer($"GET /mcp?{new string('x', 10_000)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")).Should().StartWith("HTTP/1.1 414");
        await fixture.Unharmed();
    }

    [Fact]
    public async Task Nonsense_InPlaceOfHttp_IsRefused()
    {
        (await Answer("\u0016\u0003\u0001 no TLS here\r\n\r\n")).Should().Match(said => said.StartsWith("HTTP/1.1 400") || said.Length == 0);
        (await Answer("GET /mcp HTTP/1.1\r\n\r\n")).Should().StartWith("HTTP/1.1 400", "no Host");
        (await Answer("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
            .Should().NotContain("HTTP/1.1 204", "a second request hidden in the first is not served");
        await fixture.Unharmed();
    }

    [Fact]
    public async Task HeadersOrBody_ThatDoNotCome_AreGivenUp()
    {
        var clock = Stopwatch.StartNew();
        var headers = Answer("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\n");
        var body = Answer($"{Start()}Content-Length: 1000\r\n\r\n{{", dripping: "x");
        var nothing = Answer($"{Start()}Content-Length: 1000\r\n\r\n");

        (await headers).Should().StartWith("HTTP/1.1 408");
        (await body).Should().StartWith("HTTP/1.1 408");
        (await nothing).Should().StartWith("HTTP/1.1 408");
        clock.Elapsed.Should().BeLessThan(Bound);
        await fixture.Unharmed();
    }

    [Fact]
    public async Task Connections_MoreThanAllowed_AreClosedAndTheOthersServed()
    {
        await fixture.Unharmed();
        var idle = new List<Socket>();
        try
        {
            for (var count = 0; count < MostConnections + 100; count++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                idle.Add(socket);
                await socket.ConnectAsync(Address);
            }

            await fixture.Unharmed();
            (await Eventually.Get(() => Task.FromResult(idle.Count(socket => socket.Poll(0, SelectMode.SelectRead))), closed => closed >= 100)).Should().BeLessThan(200, "the rest waits in peace");
        }
        finally
        {
            idle.ForEach(socket => socket.Dispose());
        }

        using var another = new HttpRequests(fixture.Server.Url);
        (await Eventually.Get(async () => await Status(another), status => status == 200)).Should().Be(200, "there is room again");
    }

    private static async Task<int> Status(HttpRequests requests)
    {
        try
        {
            return (await requests.Modern("tools/list")).Status;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    private static string Start() => "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json, text/event-stream\r\nContent-Type: application/json\r\n";

    /// <summary>All that comes until the server hangs up, or has said enough.</summary>
    /// <param name="dripping">Sent again and again, a piece each half second.</param>
    private async Task<string> Answer(string text, string? dripping = null)
    {
        using var patience = new CancellationTokenSource(SafeToolsProgram.Patience);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Address, patience.Token);
        var heard = new StringBuilder();
        try
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(text), patience.Token);
            using var drip = new Timer(_ => Drip(socket, dripping), null, dripping is null ? Timeout.Infinite : 500, 500);
            var buffer = new byte[16 * 1024];
            for (int count; !heard.ToString().Contains("\r\n\r\n", StringComparison.Ordinal) && (count = await socket.ReceiveAsync(buffer, patience.Token)) > 0;)
            {
                heard.Append(Encoding.Latin1.GetString(buffer, 0, count));
            }
        }
        catch (SocketException)
        {
            // Hung up.
        }

        return heard.ToString();
    }

    private static void Drip(Socket socket, string? text)
    {
        try
        {
            socket.Send(Encoding.Latin1.GetBytes(text ?? ""));
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // Hung up.
        }
    }
}
