using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using SafeTools.Corpus.Credentials;
using SafeTools.Corpus.Grounds;
using SafeTools.Providers.Postgres;
using SafeTools.Server.Mcp;
using SafeTools.Server.Policies;
using SafeTools.Server.State;

namespace SafeTools.Corpus.Asking;

/// <summary>
/// The server's own pipeline inside this process, where layers can be off that the published program never lets go of: so the others are tried alone, and
/// under credentials that the proof would refuse.
/// </summary>
internal sealed class EmbeddedServer : ITool
{
    private readonly PolicyFolder _policy;
    private readonly PostgresProvider _provider;
    private readonly SqliteStore _store;
    private readonly Catalog _catalog;
    private readonly Pipeline _pipeline;

    private EmbeddedServer(PolicyFolder policy, PostgresProvider provider, SqliteStore store, Catalog catalog, Pipeline pipeline) =>
        (_policy, _provider, _store, _catalog, _pipeline) = (policy, provider, store, catalog, pipeline);

    public int? ProcessId => null;

    public static async Task<EmbeddedServer> Start(Ground ground, Credential credential, Layers layers, CancellationToken cancellationToken)
    {
        var clock = TimeProvider.System;
        var policy = new PolicyFolder(ground);
        var provider = new PostgresProvider(clock, new GivenSecret(ground.At(credential.Place).Url(credential.Role, Credential.Password, Ground.Database)), layers);
        var loader = new PolicyLoader([provider]);
        var files = PolicyFiles.Load(loader, policy.Configuration, out var problems)
            ?? throw new InvalidOperationException($"The runner's own policy has faults: {string.Join("; ", problems)}");
        var store = await SqliteStore.Open(policy.State, clock, cancellationToken);
        var catalog = new Catalog(store, loader, () => files);
        var pipeline = new Pipeline(store, catalog, new ProviderCalls([provider], static (_, _) => { }), new CallBudget(clock), Identifier.NewServer());
        return new EmbeddedServer(policy, provider, store, catalog, pipeline);
    }

    public async Task<Answer> Ask(string sql, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var arguments = JsonDocument.Parse(new JsonObject { ["sql"] = sql }.ToJsonString());
        var call = new Call(PolicyFolder.Principal, PolicyFolder.Tool, arguments.RootElement.EnumerateObject().ToDictionary(argument => argument.Name, argument => argument.Value.Clone()));
        try
        {
            var outcome = await _pipeline.Run(call, new Progress<ProviderProgress>(), cancellationToken).WaitAsync(ITool.Patience, cancellationToken);
            var structured = JsonNode.Parse(Answers.Of(outcome).StructuredContent!.Value.GetRawText())!.AsObject();
            return Answer.Of(structured, Stopwatch.GetElapsedTime(began));
        }
        catch (TimeoutException)
        {
            return Answer.None("The pipeline did not answer.", Stopwatch.GetElapsedTime(began));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        _catalog.Dispose();
        await _store.DisposeAsync();
        _policy.Dispose();
    }
}
