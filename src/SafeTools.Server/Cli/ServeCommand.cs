using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SafeTools.Server.Hardening;
using SafeTools.Server.Mcp;
using SafeTools.Server.Secrets;
using SafeTools.Server.Serving;

namespace SafeTools.Server.Cli;

/// <summary><c>safetools serve</c>: the MCP server. Standard output carries the protocol alone; everything for people goes to standard error.</summary>
internal static class ServeCommand
{
    /// <summary>How long loading waits for a client's first line. Editors write it at once; a person at a terminal should not wait for long to read what is wrong.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    public static Command Create()
    {
        var stdio = new Option<bool>("--stdio") { Description = "speak MCP over standard input and output (the default)" };
        var principal = new Option<string>("--principal") { Description = "who the client is", HelpName = "NAME", DefaultValueFactory = _ => "local" };
        var command = new Command("serve", "Serve the accepted policy's tools to one MCP client, or over a socket or HTTP to many") { stdio, ServeSocket.Path, ServeHttp.Url, ServeHttp.Host, principal };
        ServeSocket.Forbid(command, stdio, principal);
        ServeHttp.Forbid(command, stdio);
        var client = new Lazy<ClientStreams>(() => ClientStreams.Open(Console.OpenStandardInput(), Console.OpenStandardOutput()));
        Verb.Bind(
            command,
            (verb, cancellationToken) => ServeSocket.Asked(verb.Parsed)
                ? ServeSocket.Serve(verb, cancellationToken)
                : ServeHttp.Asked(verb.Parsed) ? ServeHttp.Serve(verb, verb.Parsed.GetRequiredValue(principal), cancellationToken)
                : Serve(verb, client.Value, verb.Parsed.GetRequiredValue(principal), cancellationToken),
            first: (parsed, cancellationToken) => ServeSocket.Asked(parsed) || ServeHttp.Asked(parsed) || HardenedStart.Apply() is not null
                ? Task.CompletedTask
                : client.Value.GreetFirst(Patience, cancellationToken));
        return command;
    }

    private static async Task<int> Serve(Verb verb, ClientStreams client, string principal, CancellationToken cancellationToken)
    {
        var (terminal, runtime) = (verb.Terminal, verb.Runtime);
        if (HardenedStart.Apply() is { } soft)
        {
            terminal.Complain(soft);
            return ExitCode.Usage;
        }

        if (await Standing(verb, principal, cancellationToken).ConfigureAwait(false) is not { } standing)
        {
            return ExitCode.Usage;
        }

        if (terminal.Interactive)
        {
            terminal.Complain("Waiting for an MCP client on standard input; Ctrl-C ends it. An editor starts this command itself, see docs/mcp.md.");
        }

        StartingEnvironment.OfThisProcess.Name(NamedVariables.Of(runtime, standing.Policy));
        using var presence = ServerPresence.Announce(runtime.Locations.Servers, runtime.Server);
        using var host = Build(runtime, client, principal);
        host.Services.GetRequiredService<ToolShelf>().Follow(standing);
        await host.RunAsync(cancellationToken).ConfigureAwait(false);
        return ExitCode.Done;
    }

    /// <summary>What holds now, where it has this principal; null where it was said why nothing can be served.</summary>
    public static async Task<Standing?> Standing(Verb verb, string principal, CancellationToken cancellationToken)
    {
        var (terminal, runtime) = (verb.Terminal, verb.Runtime);
        var policies = await runtime.Store.Policies(cancellationToken).ConfigureAwait(false);
        if (policies.Count == 0 && runtime.Files is null)
        {
            verb.ShowProblems();
            return null;
        }

        var standing = await runtime.Catalog.Standing(cancellationToken).ConfigureAwait(false);
        if (!standing.Policy.Principals.ContainsKey(principal))
        {
            terminal.Complain($"The policy has no principal '{VisibleText.Line(principal, 64)}'. It has: {string.Join(", ", standing.Policy.Principals.Keys.Order(StringComparer.Ordinal))}.");
            return null;
        }

        if (standing.Epoch == 0)
        {
            terminal.Complain("No policy is accepted yet, so only reads are offered. A human runs: safetools approvers enroll NAME, then safetools accept");
        }

        return standing;
    }

    /// <summary>An empty builder: nothing is read from or watched in the working folder, which agents may write.</summary>
    private static IHost Build(Runtime runtime, ClientStreams client, string principal)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .SetMinimumLevel(LogLevel.Warning)
            // The SDK logs cancelled calls and unknown tools with stack traces; they are everyday life, and our own faults are logged by us.
            .AddFilter("ModelContextProtocol", LogLevel.None)
            .AddFilter("Microsoft", LogLevel.Warning);
        builder.Services
            .AddSingleton(runtime)
            .AddSingleton(client)
            .AddSingleton(runtime.Shelf(principal))
            .AddSingleton<IStandingFollower>(services => services.GetRequiredService<ToolShelf>())
            .AddHostedService<McpSession>()
            .AddHostedService<UpkeepLoop>()
            .AddHostedService<WaitingPolicy>()
            .AddHostedService<AuditWatch>()
            .AddHostedService<AttestationWatch>();
        return builder.Build();
    }
}
