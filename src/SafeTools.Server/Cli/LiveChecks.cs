using System.Text.Json.Nodes;

namespace SafeTools.Server.Cli;

/// <summary>What the live systems say of a policy that is about to be signed. A system that cannot be reached keeps nobody from signing.</summary>
/// <param name="Faults">Tools whose statement the system would not run as the spec has it.</param>
/// <param name="Untried">Tools whose statement nobody could analyse.</param>
/// <param name="Proofs">What each resource with something to prove proved.</param>
internal sealed record LiveChecks(IReadOnlyList<(ToolSpec Tool, Refusal Why)> Faults, IReadOnlyList<ToolSpec> Untried, IReadOnlyList<(Resource Resource, Attestation Attestation)> Proofs)
{
    public static async Task<LiveChecks> Make(Policy policy, ProviderCalls providers, TimeProvider clock, CancellationToken cancellationToken)
    {
        var resources = policy.Resources.Values.OrderBy(resource => resource.Name, StringComparer.Ordinal).ToArray();
        var proofs = Task.WhenAll(resources.Select(resource => providers.Attest(resource, clock.GetUtcNow(), cancellationToken)));
        var tools = policy.Tools.Values.Where(tool => tool.Operation is { Floor: Effect.Read, SpecDeclaresParameters: true }).OrderBy(tool => tool.Name, StringComparer.Ordinal).ToArray();
        var analysed = tools.Zip(await Task.WhenAll(tools.Select(tool => providers.Analyse(tool.Request(Arguments.None), cancellationToken))).ConfigureAwait(false)).ToArray();
        return new LiveChecks(
            [.. analysed.Where(one => one.Second is not null && !IsAbsent(one.Second)).Select(one => (one.First, one.Second!))],
            [.. analysed.Where(one => one.Second is not null && IsAbsent(one.Second)).Select(one => one.First)],
            [.. resources.Zip(await proofs.ConfigureAwait(false)).Where(one => one.Second is not null).Select(one => (one.First, one.Second!))]);
    }

    public JsonArray Json(EnvironmentMap environments) => new([.. Proofs.Select(proof => new JsonObject
    {
        ["resource"] = proof.Resource.Name,
        ["verdict"] = proof.Attestation.Verdict.Word(),
        ["environment"] = proof.Attestation.Place(proof.Resource, environments).Environment.Word(),
        ["findings"] = JsonValues.Array(proof.Attestation.Kinds()),
    })]);

    public void Write(Terminal terminal, EnvironmentMap environments)
    {
        if (Proofs.Count == 0)
        {
            return;
        }

        terminal.Line(terminal.Strong("What the live systems prove:"));
        foreach (var (resource, attestation) in Proofs)
        {
            terminal.Line(ResourceReport.Brief(terminal, resource, attestation, environments));
        }

        if (Untried.Count > 0)
        {
            terminal.Line($"  Statements that nobody could analyse now: {string.Join(", ", Untried.Select(tool => tool.Name))}.");
        }

        if (Proofs.Any(proof => !IsWell(proof.Resource, proof.Attestation, environments)))
        {
            terminal.Line("  Why, and what mends it: safetools doctor");
        }

        terminal.Line();
    }

    private static bool IsWell(Resource resource, Attestation attestation, EnvironmentMap environments) =>
        attestation.Verdict == AttestationVerdict.Proved && attestation.Place(resource, environments).Environment == environments.Resolve(resource.Environment);

    /// <summary>It says nothing about the statement: nobody got as far as asking.</summary>
    private static bool IsAbsent(Refusal why) =>
        why.Code == RefusalCatalog.ResourceUnavailable || why.Code == RefusalCatalog.SecretMissing || why.Code == RefusalCatalog.CredentialRefused || why.Code == RefusalCatalog.NotThePinnedServer;
}
