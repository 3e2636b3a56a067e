using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SafeTools.Server.Hardening;
using SafeTools.Server.Http;
using SafeTools.Server.Mcp;
using SafeTools.Server.Secrets;
using SafeTools.Server.Serving;

namespace SafeTools.Server.Cli;

/// <summary><c>safetools serve --http</c>: for clients that come over HTTP. What it needs is loaded only where it is asked for.</summary>
internal static class ServeHttp
{
    public static Option<string?> Url { get; } = new("--http") { Description = "serve clients over HTTP at URL, an address of this machine itself", HelpName = "URL" };

    public static Option<string[]> Host { get; } = new("--host") { Description = "with --http: another name by which clients reach it, such as a proxy's", HelpName = "NAME" };

    /// <summary>More than a server needs that waits for the calls it works on.</summary>
    public static TimeSpan LongestEnd { get; } = TimeSpan.FromSeconds(45);

    public static bool Asked(ParseResult parsed) => parsed.GetValue(Url) is not null;

    public static void Forbid(Command serve, Option<bool> stdio) => serve.Validators.Add(result =>
    {
        foreach (var other in new Option[] { stdio, ServeSocket.Path }.Where(other => result.GetResult(Url) is not null && result.GetResult(other) is { Implicit: false }))
        {
            result.AddError($"{other.Name} does not go together with --http.");
        }

        if (result.GetResult(Host) is { Implicit: false } && result.GetResult(Url) is null)
        {
            result.AddError("--host says by which names a server is reached over HTTP: it needs --http.");
        }
    });

    public static async Task<int> Serve(Verb verb, string principal, CancellationToken cancellationToken)
    {
        var (terminal, runtime) = (verb.Terminal, verb.Runtime);
        if (HardenedStart.Apply() is { } soft)
        {
            terminal.Complain(soft);
            return ExitCode.Usage;
        }

        if (HttpAddress.Read(verb.Parsed.GetRequiredValue(Url)!, out var fault) is not { } address)
        {
            terminal.Complain(fault);
            return ExitCode.Usage;
        }

        if (await ServeCommand.Standing(verb, principal, cancellationToken).ConfigureAwait(false) is not { } standing)
        {
            return ExitCode.Usage;
        }

        StartingEnvironment.OfThisProcess.Name(NamedVariables.Of(runtime, standing.Policy));
        using var presence = ServerPresence.Announce(runtime.Locations.Servers, runtime.Server);
        var shelves = new Shelves(runtime);
        shelves.Follow(standing);
        var host = Build(runtime, address, [address.Host, .. verb.Parsed.GetValue(Host) ?? []], principal, shelves);
        await using var _ = host.ConfigureAwait(false);
        try
        {
            await host.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException taken)
        {
            terminal.Complain($"Nothing can listen at {verb.Parsed.GetValue(Url)}: {VisibleText.Line(taken.Message, 300)}");
            return ExitCode.Usage;
        }

        var at = HttpHost.Client(host, address);
        terminal.Complain($"Serving policy {standing.Epoch} at {at} to everybody who reaches it, as '{principal}'. A client's registration: its url; or the command: safetools connect {at}");
        await host.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private static Microsoft.AspNetCore.Builder.WebApplication Build(Runtime runtime, HttpAddress address, IReadOnlyList<string> names, string principal, Shelves shelves)
    {
        ILogger? log = null;
        var host = HttpHost.Build(
            address,
            names,
            new HttpLimits(),
            new FixedPrincipal(principal, runtime.Catalog).Identify,
            caller => McpOptions.Create(shelves.Of(caller), fault => log?.LogError(fault, "A call met a fault.")),
            services => services
                .AddSingleton(runtime)
                .AddSingleton<IStandingFollower>(shelves)
                .AddHostedService<UpkeepLoop>()
                .AddHostedService<WaitingPolicy>()
                .AddHostedService<AuditWatch>()
                .AddHostedService<AttestationWatch>());
        log = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("SafeTools");
        return host;
    }
}
