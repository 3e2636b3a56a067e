using System.CommandLine;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SafeTools.Server.Hardening;
using SafeTools.Server.Policies;
using SafeTools.Server.Secrets;
using SafeTools.Server.Serving;

namespace SafeTools.Server.Cli;

/// <summary><c>safetools serve --socket</c>: under a user of its own, for clients of other users of the same system.</summary>
internal static class ServeSocket
{
    public static Option<string?> Path { get; } = new("--socket") { Description = "serve other users of this system at PATH; the policy's os_users say who they are", HelpName = "PATH" };

    public static bool Asked(ParseResult parsed) => parsed.GetValue(Path) is not null;

    /// <summary>Who a client on the socket is, the policy says, and nobody else.</summary>
    public static void Forbid(Command serve, Option<bool> stdio, Option<string> principal) => serve.Validators.Add(result =>
    {
        foreach (var other in new Option[] { stdio, principal }.Where(other => result.GetResult(Path) is not null && result.GetResult(other) is { Implicit: false }))
        {
            result.AddError($"{other.Name} does not go together with --socket: who a client on the socket is, os_users in the accepted policy say.");
        }
    });

    public static async Task<int> Serve(Verb verb, CancellationToken cancellationToken)
    {
        var (terminal, runtime) = (verb.Terminal, verb.Runtime);
        var path = System.IO.Path.GetFullPath(verb.Parsed.GetRequiredValue(Path)!);
        if ((HardenedStart.Apply() ?? ListeningSocket.Fault(path)) is { } soft)
        {
            terminal.Complain(soft);
            return ExitCode.Usage;
        }

        var self = Ownership.OfThisProcess;
        if (WithinReach(runtime.Locations, path, new FolderTrust(self)) is { } reach)
        {
            return terminal.Refuse(RefusalCatalog.NotOutOfReach.Because(reach));
        }

        var standing = await runtime.Catalog.Standing(cancellationToken).ConfigureAwait(false);
        if (standing.Epoch == 0)
        {
            return terminal.Refuse(RefusalCatalog.NotAcceptedYet.Because("A socket serves an accepted policy only: the files alone give other users nothing."));
        }

        if (EvidenceWithinReach(runtime.Providers.All, standing.Policy, new FolderTrust(self)) is { } forgeable)
        {
            return terminal.Refuse(RefusalCatalog.NotOutOfReach.Because(forgeable));
        }

        var users = new LocalUsers(SystemUsers.Find, self);
        if (users.Fault(standing.Policy) is { } unmapped)
        {
            terminal.Complain(unmapped);
            return ExitCode.Usage;
        }

        foreach (var unknown in users.Unknown(standing.Policy))
        {
            terminal.Complain($"The policy names the OS user '{unknown}', whom this system does not have.");
        }

        if (ListeningSocket.Open(path, out var fault) is not { } listening)
        {
            terminal.Complain(fault);
            return ExitCode.Usage;
        }

        using var _ = listening;
        StartingEnvironment.OfThisProcess.Name(NamedVariables.Of(runtime, standing.Policy));
        using var presence = ServerPresence.Announce(runtime.Locations.Servers, runtime.Server);
        using var host = Build(runtime, users, listening);
        terminal.Complain($"Serving policy {standing.Epoch} at {path}. A client's command: safetools connect unix:{path}");
        await host.RunAsync(cancellationToken).ConfigureAwait(false);
        return ExitCode.Done;
    }

    /// <summary>The policy that the server believes, the program that it runs, and the place where clients find it.</summary>
    private static string? WithinReach(Locations locations, string socket, FolderTrust trust) =>
        trust.Fault("the state folder", locations.State)
        ?? trust.Fault("the policy", locations.Configuration)
        ?? trust.Fault("the policy's folder", locations.BaseFolder)
        ?? trust.FaultWithin("the folder of tool specs", System.IO.Path.GetFullPath(PolicyFiles.SpecsFolder(locations.Configuration), locations.BaseFolder))
        ?? trust.FaultWithin("the program", AppContext.BaseDirectory)
        ?? trust.FaultWithin("the program's runtime", RuntimeEnvironment.GetRuntimeDirectory())
        ?? (System.Environment.ProcessPath is { } program ? trust.Fault("the program", program) : null)
        ?? trust.Fault("the socket's folder", System.IO.Path.GetDirectoryName(socket)!);

    /// <summary>What the policy's resources take as evidence of an environment, or keep recovery points in.</summary>
    private static string? EvidenceWithinReach(IReadOnlyList<IProvider> providers, Policy policy, FolderTrust trust) =>
        (from resource in policy.Resources.Values
         from setting in providers.Single(provider => provider.Name == resource.Provider).ResourceSettings
         where setting.IsEvidence
         from path in setting.Kind == SettingKind.PathsByEnvironment
             ? resource.Settings.PathsByEnvironment(setting.Name).Values.SelectMany(paths => paths)
             : [resource.Settings.TextOrNull(setting.Name) ?? ""]
         where path.Length > 0
         select trust.Fault($"the evidence of {resource.Name} ({setting.Name})", path)).FirstOrDefault(fault => fault is not null);

    private static IHost Build(Runtime runtime, LocalUsers users, Socket listening)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging
            .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)
            .SetMinimumLevel(LogLevel.Warning)
            .AddFilter("ModelContextProtocol", LogLevel.None)
            .AddFilter("Microsoft", LogLevel.Warning);
        builder.Services
            .AddSingleton(runtime)
            .AddSingleton(users)
            .AddSingleton(listening)
            .AddSingleton<OpenSessions>()
            .AddSingleton<IStandingFollower>(services => services.GetRequiredService<OpenSessions>())
            .AddHostedService<SocketServer>()
            .AddHostedService<UpkeepLoop>()
            .AddHostedService<WaitingPolicy>()
            .AddHostedService<AuditWatch>()
            .AddHostedService<AttestationWatch>();
        return builder.Build();
    }
}
