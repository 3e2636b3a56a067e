using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SafeTools.IntegrationTests.Support;

/// <summary>A child <c>safetools serve --http</c>, spoken to in raw requests.</summary>
internal sealed partial class HttpServer : IAsyncDisposable
{
    private readonly RawSession _process;

    private HttpServer(RawSession process, Uri url) => (_process, Url, Requests) = (process, url, new HttpRequests(url));

    public Uri Url { get; }

    public HttpRequests Requests { get; }

    public string StandardError => _process.StandardError;

    /// <summary>Started, and waited for until it says that it serves.</summary>
    /// <param name="port">0: the system chooses.</param>
    public static async Task<HttpServer> Start(Workspace workspace, int port = 0, params string[] more)
    {
        var process = RawSession.Start(workspace, ["--http", $"http://127.0.0.1:{port}", .. more]);
        var said = await Eventually.Get(() => Task.FromResult(process.StandardError), said => Serving().IsMatch(said) || process.HasEnded);
        return Serving().Match(said) is { Success: true } serving ? new HttpServer(process, new Uri(serving.Groups[1].Value)) : throw new InvalidOperationException(said);
    }

    /// <summary>A client as its editor would start it.</summary>
    public RawSession Connect() => Connect(Url);

    public static RawSession Connect(Uri url) => RawSession.Start(SafeToolsProgram.Start(SafeToolsProgram.CommandLine(["connect", url.AbsoluteUri]), Path.GetTempPath()));

    /// <summary>SIGTERM, as systemd sends it.</summary>
    public void Terminate() => Process.Start("kill", ["-TERM", _process.ProcessId.ToString(CultureInfo.InvariantCulture)])!.Dispose();

    public Task<int> Exit() => _process.Exit();

    public Task Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        Requests.Dispose();
        await _process.DisposeAsync();
    }

    [GeneratedRegex(@"Serving policy \d+ at (http://\S+) ")]
    private static partial Regex Serving();
}
