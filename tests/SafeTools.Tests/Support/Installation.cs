using SafeTools.Server.State;

namespace SafeTools.Tests.Support;

/// <summary>Everything real but the infrastructure: a store in a folder of its own, the accepted policy, the pipeline and its upkeep.</summary>
internal sealed class Installation : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("safetools-").FullName;
    private SqliteStore? _store;
    private Catalog? _catalog;

    public FakeClock Clock { get; } = new(Sample.Now);

    public SampleProvider Provider { get; } = new();

    public Signer Alice { get; } = new("alice");

    public Signer Bob { get; } = new("bob");

    /// <summary>Owns the principal <c>local</c>.</summary>
    public Signer Olga { get; } = new("olga");

    public Signer Mallory { get; } = new("mallory");

    public SqliteStore Store => _store!;

    public Catalog Catalog => _catalog!;

    /// <summary>Between the pipeline and the store: fails when a test says so.</summary>
    public BrokenStore Broken { get; private set; } = null!;

    public Pipeline Pipeline { get; private set; } = null!;

    public Upkeep Upkeep { get; private set; } = null!;

    public string Server { get; private set; } = "";

    public HashSet<string> Alive { get; } = [];

    public List<string> Log { get; } = [];

    public string Database => Path.Combine(_folder, "state", "state.db");

    public static async Task<Installation> Start(bool accepted = true)
    {
        var installation = new Installation();
        await installation.Open();
        if (accepted)
        {
            (await installation.Accept(installation.Configuration(), installation.Alice)).Should().BeNull();
        }

        return installation;
    }

    /// <summary>A new process on the same store; the one before is dead.</summary>
    public async Task Restart()
    {
        Alive.Remove(Server);
        _catalog?.Dispose();
        await Store.DisposeAsync();
        await Open();
    }

    /// <summary>The pipeline of a second process that serves from the same store.</summary>
    public async Task<(SqliteStore Store, Pipeline Pipeline)> Another()
    {
        var store = await SqliteStore.Open(Path.Combine(_folder, "state"), Clock, CancellationToken.None);
        var providers = new ProviderCalls([Provider], (fault, what) => Log.Add($"{what}: {fault.Message}"));
#pragma warning disable CA2000 // Holds nothing but a semaphore that nobody waits for.
        var catalog = new Catalog(store, new PolicyLoader([Provider]), () => null);
#pragma warning restore CA2000
        return (store, new Pipeline(store, catalog, providers, new CallBudget(Clock), Identifier.NewServer()));
    }

    /// <summary>The upkeep of a second living process on the same store.</summary>
    public Upkeep AnotherUpkeep()
    {
        var providers = new ProviderCalls([Provider], (fault, what) => Log.Add($"{what}: {fault.Message}"));
        var server = Identifier.NewServer();
        var pipeline = new Pipeline(Broken, Catalog, providers, new CallBudget(Clock), server);
        return new Upkeep(Broken, Catalog, providers, pipeline, other => other != server && Alive.Contains(other), new Progress<ProviderProgress>());
    }

    public string Configuration(int persons = 1, string grants = "\"*@staging\", \"*@production\", drop@production, drop_staging@staging") => $$"""
        resources:
          test: { provider: sample, environment: staging, place: here }
          live: { provider: sample, environment: production, place: there }
        principals:
          local: { owner: olga, grants: [{{grants}}] }
          second: { grants: ["read:*@staging", drop@production] }
        approvers:
        {{Alice.Yaml}}
        {{Bob.Yaml}}
        {{Olga.Yaml}}
        approvals: { production: {{persons}} }
        """;

    public async Task<Refusal?> Accept(string configuration, params Signer[] by)
    {
        var loader = new PolicyLoader([Provider]);
        var policy = loader.Load(new PolicySource("/base", configuration, Specs), out var problems);
        problems.Should().BeEmpty();
        var document = PolicyDocument.Of(policy!);
        var chain = await Store.Policies(CancellationToken.None);
        Refusal? refusal = null;
        foreach (var signer in by)
        {
            var nonce = await Store.IssueNonce("policy:" + Digest.Of(document), CancellationToken.None);
            var signature = signer.Sign(document, chain.Count + 1, chain.Count == 0 ? PolicyVerifier.Genesis : chain[^1].Digest, Store.Id, nonce);
            refusal = await Store.Accept(document, signature, (known, signatures) => Judge(document, known, signatures), CancellationToken.None);
        }

        return refusal;
    }

    public Task<Outcome> Call(string tool, string arguments = """{"name":"n1"}""", string principal = "local", CancellationToken cancellationToken = default) =>
        Pipeline.Run(new Call(principal, tool, Sample.Json(arguments)), new Progress<ProviderProgress>(), cancellationToken);

    public async Task<StoredAction> Proposed(string tool = "drop", string arguments = """{"name":"n1"}""", string principal = "local") =>
        (await Call(tool, arguments, principal)).Should().BeOfType<Outcome.Proposed>().Which.Action;

    public async Task<Judged> Decide(StoredAction action, Signer by, Verdict verdict = Verdict.Approve, int? epoch = null)
    {
        var now = await Get(action.Id);
        var nonce = await Store.IssueNonce("action:" + action.Id, CancellationToken.None);
        epoch ??= (await Store.Standing(CancellationToken.None)).Epoch;
        return await Pipeline.Decide(by.Decide(now, verdict, Store.Id, epoch.Value, nonce), CancellationToken.None);
    }

    public Task<Outcome?> Perform(StoredAction action) => Pipeline.Perform(action.Id, new Progress<ProviderProgress>(), CancellationToken.None);

    public Task<Outcome> Undo(string asker, string actionId, string? reason = null) => Pipeline.Undo(asker, actionId, reason, new Progress<ProviderProgress>(), CancellationToken.None);

    /// <summary>A round, and the end of what it began.</summary>
    public async Task Turn()
    {
        await Upkeep.Turn(CancellationToken.None);
        await Upkeep.Idle();
    }

    public async Task<StoredAction> Get(string id) => (await Store.Get(id, CancellationToken.None))!;

    public async Task<ActionStatus> StatusOf(StoredAction action) => (await Get(action.Id)).Status;

    public async Task<IReadOnlyList<AuditEntry>> Audit()
    {
        var entries = new List<AuditEntry>();
        await foreach (var entry in Store.Audit(1, CancellationToken.None))
        {
            entries.Add(entry);
        }

        return entries;
    }

    /// <summary>Somebody edits the file behind the store's back.</summary>
    public void Edit(string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is the test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery().Should().BePositive();
    }

    public async ValueTask DisposeAsync()
    {
        _catalog?.Dispose();
        await Store.DisposeAsync();
        foreach (var signer in new[] { Alice, Bob, Olga, Mallory })
        {
            signer.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static IReadOnlyDictionary<string, string> Specs { get; } = new[]
    {
        Spec("look", "sample.look", "test", "staging", "read"),
        Spec("raised", "sample.look", "test", "staging", "irreversible"),
        Spec("label", "sample.label", "test", "staging", "reversible"),
        Spec("label_live", "sample.label", "live", "production", "reversible"),
        Spec("snapshot", "sample.snapshot", "live", "production", "reversible"),
        Spec("drop", "sample.drop", "live", "production", "irreversible"),
        Spec("drop_staging", "sample.drop", "test", "staging", "irreversible"),
        Spec("label_hastily", "sample.label", "test", "staging", "reversible", "limits: { time: 50ms }\n"),
        Spec("look_hastily", "sample.look", "test", "staging", "read", "limits: { time: 50ms }\n"),
    }.ToDictionary();

    private static KeyValuePair<string, string> Spec(string tool, string operation, string resource, string environment, string effect, string more = "") => KeyValuePair.Create(
        $"tool-specs/{tool}.yaml",
        $"tool: {tool}\ntitle: T\ndescription: D\noperation: {operation}\nresource: {resource}\nenvironment: {environment}\neffect: {effect}\n{more}");

    private (Refusal? Refusal, bool Enough) Judge(string document, IReadOnlyList<AcceptedPolicy> chain, IReadOnlyList<PolicySignature> signatures)
    {
        var before = chain.Count == 0 ? null : chain[^1];
        var persons = PolicyVerifier.Persons(Store.Id, chain.Count + 1, document, before, signatures).Count;
        return persons == 0 ? (RefusalCatalog.NotAnApprover.Because("Not an approver."), false) : (null, persons >= PolicyVerifier.RequiredSigners(before));
    }

    private async Task Open()
    {
        _store = await SqliteStore.Open(Path.Combine(_folder, "state"), Clock, CancellationToken.None);
        Broken = new BrokenStore(_store);
        var providers = new ProviderCalls([Provider], (fault, what) => Log.Add($"{what}: {fault.Message}"));
        var files = new PolicyLoader([Provider]).Load(new PolicySource("/base", Configuration(), Specs), out _);
        _catalog = new Catalog(Broken, new PolicyLoader([Provider]), () => files);
        Server = Identifier.NewServer();
        Alive.Add(Server);
        Pipeline = new Pipeline(Broken, _catalog, providers, new CallBudget(Clock), Server);
        Upkeep = new Upkeep(Broken, _catalog, providers, Pipeline, server => server != Server && Alive.Contains(server), new Progress<ProviderProgress>());
    }
}
