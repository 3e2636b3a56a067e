using SafeTools.Providers;
using SafeTools.Server.Mcp;
using SafeTools.Server.Policies;
using SafeTools.Server.Secrets;
using SafeTools.Server.State;

namespace SafeTools.Server.Serving;

/// <summary>Everything one process needs to work on one store; the serving process and the command line share it.</summary>
internal sealed class Runtime : IAsyncDisposable
{
    /// <summary>Read when first needed: what must work without the files (freeze, reject, audit) does.</summary>
    private readonly Lazy<(Policy? Policy, IReadOnlyList<Problem> Problems)> _files;

    private Runtime(Locations locations, TimeProvider clock, IStore store, IReadOnlyList<IProvider> providers, System.Action<Exception, string> log)
    {
        (Locations, Clock, Store) = (locations, clock, store);
        Providers = new ProviderCalls(providers, log);
        Attestations = new Attestations(Providers);
        Loader = new PolicyLoader(providers);
        _files = new Lazy<(Policy?, IReadOnlyList<Problem>)>(() =>
            (PolicyFiles.Load(Loader, locations.Configuration, out var problems), problems));
        Catalog = new Catalog(store, Loader, () => Files);
        Pipeline = new Pipeline(store, Catalog, Providers, new CallBudget(clock), Server);
    }

    public Locations Locations { get; }

    public TimeProvider Clock { get; }

    public string Server { get; } = Identifier.NewServer();

    public IStore Store { get; }

    public ProviderCalls Providers { get; }

    public Attestations Attestations { get; }

    public PolicyLoader Loader { get; }

    /// <summary>The policy as the files have it now; null where they have faults.</summary>
    public Policy? Files => _files.Value.Policy;

    public IReadOnlyList<Problem> FileProblems => _files.Value.Problems;

    public Catalog Catalog { get; }

    public Pipeline Pipeline { get; }

    public static Task<Runtime> Open(Locations locations, TimeProvider clock, System.Action<Exception, string> log, CancellationToken cancellationToken) =>
        Open(locations, clock, ProviderRegistry.Create(clock, new PlacedSecrets(locations.State, clock)), log, cancellationToken);

    /// <param name="providers">Those of this build, or a test's own.</param>
    public static async Task<Runtime> Open(Locations locations, TimeProvider clock, IReadOnlyList<IProvider> providers, System.Action<Exception, string> log, CancellationToken cancellationToken) =>
        new(locations, clock, await SqliteStore.Open(locations.State, clock, cancellationToken).ConfigureAwait(false), providers, log);

    public Upkeep Upkeep(IProgress<ProviderProgress> progress) =>
        new(Store, Catalog, Providers, Pipeline, server => server != Server && ServerPresence.IsAlive(Locations.Servers, server), progress);

    /// <summary>What one client is shown and may call.</summary>
    public ToolShelf Shelf(string principal)
    {
        var doorbell = new Doorbell(Catalog);
        return new ToolShelf(Pipeline, new BuiltInTools(Store, Catalog, Pipeline, Attestations, doorbell, principal, Clock), Attestations, doorbell, principal);
    }

    public async ValueTask DisposeAsync()
    {
        Catalog.Dispose();
        await Store.DisposeAsync().ConfigureAwait(false);
    }
}
