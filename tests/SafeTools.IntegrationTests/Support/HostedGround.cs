using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SafeTools.Server.Http;
using SafeTools.Server.Mcp;
using SafeTools.Server.Serving;

namespace SafeTools.IntegrationTests.Support;

/// <summary>The endpoint in this process, with limits that a test can reach, and callers who say who they are in a header: what a proof of identity will be.</summary>
internal sealed class HostedGround : IAsyncDisposable
{
    public const string Who = "X-Principal";

    private readonly Runtime _runtime;
    private readonly WebApplication _host;

    private HostedGround(Workspace workspace, Human human, Runtime runtime, WebApplication host, Uri url) =>
        (Workspace, Human, _runtime, _host, Requests) = (workspace, human, runtime, host, new HttpRequests(url));

    public Workspace Workspace { get; }

    public Human Human { get; }

    public HttpRequests Requests { get; }

    public int Sessions => _host.Services.GetRequiredService<LegacySessions>().Count;

    public int Working => _host.Services.GetRequiredService<OpenRequests>().Working;

    public static KeyValuePair<string, string> As(string principal) => new(Who, principal);

    public static async Task<HostedGround> Start(HttpLimits limits)
    {
        var workspace = Workspace.Create();
        var human = await Human.Genesis(workspace);
        var runtime = await Runtime.Open(workspace.Locations, TimeProvider.System, (_, _) => { }, CancellationToken.None);
        var shelves = new Shelves(runtime);
        shelves.Follow(await runtime.Catalog.Standing(CancellationToken.None));
        var address = HttpAddress.Read("http://127.0.0.1:0", out _)!;
        var host = HttpHost.Build(
            address,
            [],
            limits,
            Identify,
            principal => McpOptions.Create(shelves.Of(principal), _ => { }),
            services => services.AddSingleton(runtime).AddSingleton<IStandingFollower>(shelves).AddHostedService<UpkeepLoop>());
        await host.StartAsync();
        return new HostedGround(workspace, human, runtime, host, HttpHost.Client(host, address));
    }

    public Task Stop() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Requests.Dispose();
        await _host.DisposeAsync();
        await _runtime.DisposeAsync();
        Human.Dispose();
        Workspace.Dispose();
    }

    private static ValueTask<Caller> Identify(HttpRequest request, CancellationToken cancellationToken) => ValueTask.FromResult<Caller>(request.Headers[Who].ToString() switch
    {
        "" => new Caller.Stranger(StatusCodes.Status401Unauthorized, RefusalCatalog.NotAClient.Because("Say who you are.")),
        "stranger" => new Caller.Stranger(StatusCodes.Status403Forbidden, RefusalCatalog.NotAClient.Because("Not you.")),
        var principal => new Caller.Known(principal),
    });
}
