using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace SafeTools.Tests.Support;

/// <summary>A provider whose world a test scripts: what it sees, what it does, what it can find out afterwards.</summary>
internal sealed class SampleProvider : IProvider
{
    private static readonly Parameter ItemName = new() { Name = "name", Type = ParameterType.String, MaxLength = 64, Pattern = "[a-z0-9-]+", Description = "Name of the item." };

    private readonly ConcurrentDictionary<string, int> _executions = new(StringComparer.Ordinal);

    public string Name => "sample";

    public IReadOnlyList<Setting> ResourceSettings { get; } =
    [
        new("place", SettingKind.Text, "Where it is."),
        new("root", SettingKind.Path, "A folder.") { Required = false },
        new("marks", SettingKind.PathsByEnvironment, "Reference files.") { Required = false },
        new("key", SettingKind.Secret, "Where the key lies.") { Required = false },
        new("identity", SettingKind.Fields, "What it must be.") { Required = false, Fields = ["serial_number", "colour"] },
    ];

    public static Operation Look { get; } = new() { Name = "sample.look", Summary = "Looks at an item.", Floor = Effect.Read, Parameters = [ItemName], Limits = new Limits(100, 64 * 1024, TimeSpan.FromSeconds(5)) };

    public static Operation Label { get; } = new()
    {
        Name = "sample.label",
        Summary = "Labels an item.",
        Floor = Effect.Reversible,
        Undo = "sample.unlabel",
        Parameters = [ItemName, new() { Name = "count", Type = ParameterType.Integer, Minimum = 1, Maximum = 10, Required = false }],
    };

    public static Operation Unlabel { get; } = new() { Name = "sample.unlabel", Summary = "Takes a label off.", Floor = Effect.Reversible, Undo = "sample.label", OnlyAsUndo = true, Parameters = [ItemName] };

    /// <summary>Reversible by its own account, but nothing is named that takes it back.</summary>
    public static Operation Tweak { get; } = new() { Name = "sample.tweak", Summary = "Changes an item.", Floor = Effect.Reversible, Parameters = [ItemName] };

    public static Operation Snapshot { get; } = new()
    {
        Name = "sample.snapshot",
        Summary = "Makes a recovery point.",
        Floor = Effect.Reversible,
        Undo = "sample.unlabel",
        MakesRecoveryPoint = true,
        Parameters = [ItemName],
    };

    public static Operation Drop { get; } = new() { Name = "sample.drop", Summary = "Destroys an item.", Floor = Effect.Irreversible, Destroys = true, Parameters = [ItemName] };

    public static Operation Statement { get; } = new()
    {
        Name = "sample.statement",
        Summary = "Runs a statement.",
        Floor = Effect.Read,
        SpecDeclaresParameters = true,
        Settings = [new Setting("statement", SettingKind.Text, "The statement.")],
    };

    public IReadOnlyList<Operation> Operations { get; } = [Look, Label, Unlabel, Tweak, Snapshot, Drop, Statement];

    /// <summary>Environments that vouch for every item; null: whatever its resource claims.</summary>
    public string[]? Evidence { get; set; }

    /// <summary>Grows when somebody replaces the items under their names.</summary>
    public int Generation { get; set; }

    public IReadOnlyList<RecoveryPoint> RecoveryPoints { get; set; } = [];

    public (Effect Effect, string Reason)? Raised { get; set; }

    /// <summary>What a resource proves; unset: it has nothing to prove.</summary>
    public Func<Resource, Task<Attestation?>>? OnAttest { get; set; }

    public Func<OperationRequest, Refusal?>? OnAnalyse { get; set; }

    public Func<OperationRequest, CancellationToken, Task<Previewed>>? OnPreview { get; set; }

    public Func<Ticket, CancellationToken, Task<Execution>>? OnExecute { get; set; }

    /// <summary>Unset: tells from <see cref="Happened"/>.</summary>
    public Func<Ticket, Task<Execution>>? OnProbe { get; set; }

    /// <summary>What is owed, and what comes of doing it.</summary>
    public IReadOnlyList<Obligation> Owes { get; set; } = [];

    public Func<Obligation, Task<Execution>>? OnFulfil { get; set; }

    /// <summary>Ids of actions whose change took place, whatever was reported of them.</summary>
    public ConcurrentDictionary<string, bool> Happened { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<Ticket> Tickets { get; } = new();

    /// <summary>How often <see cref="Execute"/> was called in all.</summary>
    public int Executed => _executions.Values.Sum();

    public int ExecutedOf(string actionId) => _executions.GetValueOrDefault(actionId);

    public static Execution.Done Done(string said = "done") => new(new JsonObject { ["said"] = said });

    public static Execution.Done Undoable(string item) =>
        Done() with { Undo = new UndoOffer("sample.unlabel", new Arguments(new Dictionary<string, System.Text.Json.JsonElement> { ["name"] = JsonValues.Of(item) })) };

    public IEnumerable<string> Check(Resource resource) => resource.Settings.Text("place") == "nowhere" ? ["'place: nowhere' is no place."] : [];

    public IEnumerable<string> Check(Operation operation, SettingValues settings, IReadOnlyList<Parameter> parameters) =>
        settings.TextOrNull("statement") == "nonsense" ? ["'statement' is not one."] : [];

    public Task<Attestation?> Attest(Resource resource, CancellationToken cancellationToken) => OnAttest is { } scripted ? scripted(resource) : Task.FromResult<Attestation?>(null);

    public Task<Refusal?> Analyse(OperationRequest request, CancellationToken cancellationToken) => Task.FromResult(OnAnalyse?.Invoke(request));

    public Task<Previewed> Preview(OperationRequest request, CancellationToken cancellationToken) =>
        OnPreview is { } scripted ? scripted(request, cancellationToken) : Task.FromResult<Previewed>(See(request));

    public async Task<Execution> Execute(Ticket ticket, IProgress<ProviderProgress> progress, CancellationToken cancellationToken)
    {
        _executions.AddOrUpdate(ticket.ActionId, 1, (_, times) => times + 1);
        Tickets.Enqueue(ticket);
        var execution = OnExecute is { } scripted ? await scripted(ticket, cancellationToken) : Standard(ticket);
        if (execution is Execution.Done)
        {
            Happened[ticket.ActionId] = true;
        }

        return execution;
    }

    public Task<Execution> Probe(Ticket ticket, CancellationToken cancellationToken) => OnProbe is { } scripted
        ? scripted(ticket)
        : Task.FromResult<Execution>(Happened.ContainsKey(ticket.ActionId) ? Done("found out") : new Execution.Failed(RefusalCatalog.NoSuchItem.Because("It did not happen.")));

    public IReadOnlyList<Obligation> Owed(Resource resource) => resource.Name == "live" ? Owes : [];

    public async Task<Execution> Fulfil(Resource resource, Obligation obligation, CancellationToken cancellationToken)
    {
        var execution = OnFulfil is { } scripted ? await scripted(obligation) : Done("fulfilled");
        if (execution is Execution.Done)
        {
            Owes = [.. Owes.Where(owed => owed != obligation)];
        }

        return execution;
    }

    public Preview See(OperationRequest request)
    {
        var name = request.Arguments.TextOrNull("name") ?? "all";
        return new Preview
        {
            Summary = $"Would do it to {name}.",
            Item = new Item("thing", $"id-{name}", name),
            Environment = new EnvironmentEvidence(Evidence ?? [request.Resource.Environment], "marks"),
            Fingerprint = new Dictionary<string, string> { ["generation"] = $"{Generation}" },
            RecoveryPoints = RecoveryPoints,
            Raised = Raised,
        };
    }

    private static Execution.Done Standard(Ticket ticket) =>
        ticket.Request.Operation.Floor == Effect.Reversible ? Undoable(ticket.Request.Arguments.Text("name")) : Done();
}
