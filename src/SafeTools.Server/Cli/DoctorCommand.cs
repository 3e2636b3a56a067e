using System.CommandLine;
using SafeTools.Providers;
using SafeTools.Server.Hardening;
using SafeTools.Server.Policies;
using SafeTools.Server.Secrets;
using SafeTools.Server.Serving;

namespace SafeTools.Server.Cli;

/// <summary><c>safetools doctor</c>: proves on the live systems what the files' resources are and what their credentials can do. Changes nothing and needs no store.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var resource = new Option<string?>("--resource") { Description = "look at this one alone", HelpName = "NAME" };
        var command = new Command("doctor", "Prove on the live systems what credentials can do, and say what mends it; changes nothing") { resource };
        command.SetAction((parsed, cancellationToken) => Doctor(GlobalOptions.Terminal(parsed), GlobalOptions.Locations(parsed), parsed.GetValue(resource), cancellationToken));
        return command;
    }

    private static async Task<int> Doctor(Terminal terminal, Locations locations, string? resource, CancellationToken cancellationToken)
    {
        if (HardenedStart.CloseMemory() is { } open)
        {
            terminal.Complain(open);
            return ExitCode.Usage;
        }

        if (!File.Exists(locations.Configuration))
        {
            terminal.Complain(locations.Configuration.Length == 0 ? Locations.NoConfigurationFolder : Verb.NoConfiguration(locations.Configuration));
            return ExitCode.Usage;
        }

        var providers = ProviderRegistry.Create(TimeProvider.System, new PlacedSecrets(locations.State));
        if (PolicyFiles.Load(new PolicyLoader(providers), locations.Configuration, out var problems) is { } policy)
        {
            return await Examine(terminal, policy, new ProviderCalls(providers, terminal.Report), TimeProvider.System, resource, cancellationToken).ConfigureAwait(false);
        }

        foreach (var problem in problems)
        {
            terminal.Complain(problem.ToString());
        }

        return ExitCode.Usage;
    }

    /// <param name="only">A resource's name; null for all.</param>
    public static async Task<int> Examine(Terminal terminal, Policy policy, ProviderCalls providers, TimeProvider clock, string? only, CancellationToken cancellationToken)
    {
        if (only is not null && !policy.Resources.ContainsKey(only))
        {
            terminal.Complain($"There is no resource '{VisibleText.Line(only, 64)}'. The files have: {string.Join(", ", policy.Resources.Keys.Order(StringComparer.Ordinal))}.");
            return ExitCode.Usage;
        }

        var asked = policy.Resources.Values.Where(resource => only is null || resource.Name == only).OrderBy(resource => resource.Name, StringComparer.Ordinal).ToArray();
        var taken = await Task.WhenAll(asked.Select(resource => providers.Attest(resource, clock.GetUtcNow(), cancellationToken))).ConfigureAwait(false);
        var well = true;
        foreach (var (resource, attestation) in asked.Zip(taken))
        {
            var report = new ResourceReport(resource, attestation, policy.Environments, providers.All.Single(provider => provider.Name == resource.Provider), clock.GetUtcNow());
            well &= report.IsWell;
            if (terminal.Json)
            {
                terminal.Write(report.Json());
            }
            else
            {
                report.Write(terminal);
            }
        }

        return well ? ExitCode.Done : ExitCode.Found;
    }
}
