using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;

namespace SafeTools.Server.Http;

/// <summary>
/// Kestrel with our bounds, and three paths: MCP, whether the process lives, whether it takes requests. An empty builder: nothing is read from or
/// watched in the working folder, and no variable of the environment says where to listen.
/// </summary>
internal static class HttpHost
{
    public const string Live = "/health/live", Ready = "/health/ready";

    /// <param name="names">Host names that clients may use besides this machine's own.</param>
    /// <param name="served">What a principal is served; asked once for each session, and for each request that stands alone.</param>
    /// <param name="more">What runs beside it.</param>
    public static WebApplication Build(HttpAddress address, IEnumerable<string> names, HttpLimits limits, Identify identify, Func<string, McpServerOptions> served, System.Action<IServiceCollection> more)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => Bound(kestrel, address, limits));
        builder.Logging
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .SetMinimumLevel(LogLevel.Warning)
            .AddFilter("ModelContextProtocol", LogLevel.None)
            .AddFilter("Microsoft", LogLevel.Warning);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = limits.Drain + TimeSpan.FromSeconds(10));
        builder.Services
            .AddSingleton(limits)
            .AddSingleton(TimeProvider.System)
            .AddSingleton(identify)
            .AddSingleton(served)
            .AddSingleton(new Doors(names))
            .AddSingleton<OpenRequests>()
            .AddSingleton<LegacySessions>()
            .AddSingleton<Stateless>()
            .AddSingleton<Legacy>()
            .AddSingleton<McpEndpoint>()
            .AddHostedService<HttpLife>();
        more(builder.Services);
        var host = builder.Build();
        var (doors, endpoint, open) = (host.Services.GetRequiredService<Doors>(), host.Services.GetRequiredService<McpEndpoint>(), host.Services.GetRequiredService<OpenRequests>());
        host.Run(context => Route(context, doors, endpoint, open));
        return host;
    }

    /// <summary>Where a started host listens: the system may have chosen the port.</summary>
    public static Uri Client(WebApplication host, HttpAddress address)
    {
        var listening = host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses;
        return address.Client(new Uri(listening.First()).Port);
    }

    private static void Bound(KestrelServerOptions kestrel, HttpAddress address, HttpLimits limits)
    {
        kestrel.AddServerHeader = false;
        var most = kestrel.Limits;
        most.MaxConcurrentConnections = limits.Connections;
        most.MaxConcurrentUpgradedConnections = 0;
        // Read past our own bound, so that a client that has sent too much can read why; what goes on beyond is cut off.
        most.MaxRequestBodySize = limits.Body * 8L;
        most.MaxRequestHeadersTotalSize = limits.Headers;
        most.MaxRequestHeaderCount = limits.HeaderLines;
        most.MaxRequestLineSize = 4 * 1024;
        most.MaxRequestBufferSize = 64 * 1024;
        most.RequestHeadersTimeout = limits.HeadersTime;
        most.KeepAliveTimeout = limits.IdleConnection;
        most.MinRequestBodyDataRate = new MinDataRate(limits.Rate, limits.RateGrace);
        most.MinResponseDataRate = new MinDataRate(limits.Rate, limits.RateGrace);
        foreach (var number in address.Listens)
        {
            kestrel.Listen(number, address.Port, listen => listen.Protocols = HttpProtocols.Http1);
        }
    }

    private static Task Route(HttpContext context, Doors doors, McpEndpoint endpoint, OpenRequests open)
    {
        if (doors.Refuse(context.Request) is { } stranger)
        {
            return stranger.Answer(context);
        }

        return context.Request.Path.Value switch
        {
            HttpAddress.Path => endpoint.Handle(context),
            Live => Say(context, isWell: true),
            Ready => Say(context, isWell: !open.IsStopping),
            _ => HttpRejection.Because(StatusCodes.Status404NotFound, $"There is nothing here. MCP is at {HttpAddress.Path}.").Answer(context),
        };
    }

    private static Task Say(HttpContext context, bool isWell)
    {
        if (context.Request.Method is not ("GET" or "HEAD"))
        {
            return (HttpRejection.Because(StatusCodes.Status405MethodNotAllowed, "Not with this method of HTTP.") with { Allow = "GET, HEAD" }).Answer(context);
        }

        (context.Response.StatusCode, context.Response.ContentLength, context.Response.Headers.CacheControl) = (isWell ? StatusCodes.Status204NoContent : StatusCodes.Status503ServiceUnavailable, isWell ? null : 0, "no-store");
        return Task.CompletedTask;
    }
}
