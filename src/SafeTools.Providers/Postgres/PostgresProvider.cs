using System.Collections.Concurrent;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// Reads from PostgreSQL databases, and cannot write: five layers, each of which alone stops a write (docs/postgres.md). Besides, it rotates an application's
/// password with a role of its own, which can do nothing else (docs/credentials.md).
/// </summary>
internal sealed class PostgresProvider : IProvider, IAsyncDisposable
{
    private readonly TimeProvider _clock;
    private readonly ISecrets _secrets;
    private readonly Layers _layers;
    private readonly ConcurrentDictionary<string, Lazy<ServedDatabase>> _databases = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ServedRotation?> _rotations = new(StringComparer.Ordinal);

    /// <summary>By resource: which database it was seen to lead to, and which environment it is claimed to be.</summary>
    private readonly ConcurrentDictionary<string, SeenClaim> _claims = new(StringComparer.Ordinal);

    private readonly DiagnoseCredential _diagnose;

    public PostgresProvider(TimeProvider clock, ISecrets secrets)
        : this(clock, secrets, Layers.All)
    {
    }

    internal PostgresProvider(TimeProvider clock, ISecrets secrets, Layers layers)
    {
        (_clock, _secrets, _layers) = (clock, secrets, layers);
        _diagnose = new DiagnoseCredential(secrets, clock, () => [.. _claims.Values]);
    }

    public string Name => "postgres";

    public IReadOnlyList<Setting> ResourceSettings => PostgresSettings.OfResource;

    public IReadOnlyList<Operation> Operations => PostgresOperations.All;

    public IEnumerable<string> Check(Resource resource) => [.. CredentialSettings.Faults(resource), .. RotationSettings.Faults(resource)];

    public IEnumerable<string> Check(Operation operation, SettingValues settings, IReadOnlyList<Parameter> parameters) =>
        settings.TextOrNull(PostgresSettings.Statement) is { } sql ? StatementText.Check(sql, parameters).Select(fault => $"statement: {fault}") : [];

    public async Task<Attestation?> Attest(Resource resource, CancellationToken cancellationToken)
    {
        var proved = await Database(resource).Attest(cancellationToken).ConfigureAwait(false);
        var attestation = proved.Facts is { } facts ? proved.Attestation with { Environment = Evidence(resource, facts) } : proved.Attestation;
        return Rotation(resource) is { } rotation && attestation.Unreachable is null
            ? attestation with { Findings = [.. attestation.Findings, .. await rotation.Prove(cancellationToken).ConfigureAwait(false)] }
            : attestation;
    }

    public async Task<Refusal?> Analyse(OperationRequest request, CancellationToken cancellationToken)
    {
        var database = Database(request.Resource);
        if (request.Operation != PostgresOperations.Statement)
            return null;
        return NotUsable(request, await database.Proved(request, cancellationToken).ConfigureAwait(false), proofNeeded: false)
            ?? await database.Analyse(request, cancellationToken).ConfigureAwait(false);
    }

    public async Task<Previewed> Preview(OperationRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (request.Operation == PostgresOperations.Diagnose)
            return DiagnoseCredential.Preview(request);
        if (Rotates(request.Operation))
            return Rotation(request.Resource) is { } rotation ? await rotation.Preview(request, cancellationToken).ConfigureAwait(false) : ServedRotation.NotSetUp(request.Resource);
        var database = Database(request.Resource);
        var proved = await database.Proved(request, cancellationToken).ConfigureAwait(false);
        if (NotUsable(request, proved, proofNeeded: true) is { } refusal)
            return refusal;
        if (request.Operation == PostgresOperations.Statement && await database.Analyse(request, cancellationToken).ConfigureAwait(false) is { } fault)
            return fault;
        var facts = proved.Facts!;
        return new Preview
        {
            Summary = $"Reads from the database {request.Resource.Name}.",
            Item = new Item("database", $"postgres:{request.Resource.Name}:{facts.SystemIdentifier}/{facts.Database}", request.Resource.Name),
            Environment = Evidence(request.Resource, facts),
            Fingerprint = ServerIdentity.Fingerprint(request.Resource, facts),
            Facts =
            [
                new Fact("server version", new FactValue.Text(facts.Version), FactSource.Provider),
                new Fact("standby", new FactValue.Flag(facts.Standby), FactSource.Provider),
            ],
        };
    }

    public Task<Execution> Execute(Ticket ticket, IProgress<ProviderProgress> progress, CancellationToken cancellationToken)
    {
        if (Rotates(ticket.Request.Operation))
            return Rotation(ticket.Request.Resource)?.Execute(ticket, cancellationToken) ?? Task.FromResult<Execution>(new Execution.Failed(ServedRotation.NotSetUp(ticket.Request.Resource)));
        var database = Database(ticket.Request.Resource);
        return ticket.Request.Operation.Name switch
        {
            "postgres.statement" => database.Statement(ticket, cancellationToken),
            "postgres.query" => Query(database, ticket, cancellationToken),
            "postgres.diagnose_credential" => _diagnose.Execute(ticket, cancellationToken),
            "postgres.describe" => Describe(database, ticket, cancellationToken),
            var other => throw new NotSupportedException($"No operation {other}."),
        };
    }

    /// <summary>A read leaves no trace to look for, and nothing to settle: whether it ran or not, nothing changed.</summary>
    public Task<Execution> Probe(Ticket ticket, CancellationToken cancellationToken) => !Rotates(ticket.Request.Operation)
        ? Task.FromResult<Execution>(new Execution.Failed(RefusalCatalog.ResourceUnavailable.Because("The answer was lost. A read changes nothing, so it may be repeated.")))
        : Rotation(ticket.Request.Resource)?.Probe(ticket, cancellationToken)
            ?? Task.FromResult<Execution>(new Execution.Unknown(ServedRotation.NotSetUp(ticket.Request.Resource)));

    public IReadOnlyList<Obligation> Owed(Resource resource) => Rotation(resource)?.Owed() ?? [];

    public Task<Execution> Fulfil(Resource resource, Obligation obligation, CancellationToken cancellationToken) =>
        Rotation(resource)?.Fulfil(obligation.ActionId, cancellationToken) ?? Task.FromResult<Execution>(new Execution.Failed(ServedRotation.NotSetUp(resource)));

    public async ValueTask DisposeAsync()
    {
        foreach (var database in _databases.Values.Where(database => database.IsValueCreated))
            await database.Value.DisposeAsync().ConfigureAwait(false);
    }

    private Task<Execution> Query(ServedDatabase database, Ticket ticket, CancellationToken cancellationToken)
    {
        var sql = ticket.Request.Arguments.Text(PostgresOperations.Sql);
        var text = new ReadText(ReadKind.Select, sql, sql, new HashSet<string>());
        if (_layers.TextCaps)
        {
            if (!TextCaps.TryRead(sql, out var read, out var refusal))
                return Task.FromResult<Execution>(new Execution.Failed(refusal));
            text = read;
        }

        return database.Fresh(ticket, sql, (read, catalogue, token) => QueryCall.Run(read, text, ticket.Request.Limits, catalogue, _layers, token), cancellationToken);
    }

    private static Task<Execution> Describe(ServedDatabase database, Ticket ticket, CancellationToken cancellationToken) =>
        database.Fresh(
            ticket,
            "",
            (read, _, token) => Description.Of(
                read.Connection, ticket.Request.Arguments.TextOrNull(PostgresOperations.Schema), ticket.Request.Arguments.TextOrNull(PostgresOperations.Relation), ticket.Request.Limits, token),
            cancellationToken);

    /// <summary>Why the tools of a resource refuse as a whole.</summary>
    private Refusal? NotUsable(OperationRequest request, ProvedServer proved, bool proofNeeded)
    {
        if (proved.Attestation.Unreachable is { } unreachable)
            return unreachable;
        if (_layers.ParseGate && request.Operation != PostgresOperations.Describe && NodeTable.Of(proved.Major) is null)
            return RefusalCatalog.ServerNotUnderstood.Because($"PostgreSQL {proved.Major} is not understood; known: {string.Join(", ", NodeTable.Majors)}.");
        var kinds = proved.Attestation.Findings.Where(finding => finding.Weight == FindingWeight.Refuses).Select(finding => finding.Kind).Distinct(StringComparer.Ordinal).ToList();
        return proofNeeded && kinds.Count > 0
            ? RefusalCatalog.CredentialNotProved.Because($"The credential of '{request.Resource.Name}' can do more than read: {string.Join(", ", kinds)}.") with { HumanCommand = $"safetools doctor --resource {request.Resource.Name}" }
            : null;
    }

    /// <summary>What the database's comment names; and, where another resource leads to the same database under another claim, that claim too.</summary>
    private EnvironmentEvidence Evidence(Resource resource, ServerFacts facts)
    {
        var here = new SeenClaim(resource.Name, resource.Environment, facts.SystemIdentifier, facts.Database);
        _claims[resource.Name] = here;
        var others = _claims.Values.Where(claim => claim.Resource != here.Resource && (claim.Server, claim.Database) == (here.Server, here.Database) && claim.Claim != here.Claim).Select(claim => claim.Claim).ToList();
        return facts.Markers.Count == 0 || others.Count == 0
            ? new EnvironmentEvidence(facts.Markers, "the database's comment")
            : new EnvironmentEvidence([.. facts.Markers, .. others], "the database's comment, and another resource that leads there");
    }

    private static bool Rotates(Operation operation) => operation == PostgresOperations.RotateCredential || operation == PostgresOperations.UndoRotation;

    /// <summary>Null where the resource does not say how its application's password is rotated.</summary>
    private ServedRotation? Rotation(Resource resource)
    {
        if (RotationSettings.Of(resource) is not { } settings)
            return null;
        var pins = PostgresSettings.Pins.Select(field => resource.Settings.Field(PostgresSettings.Identity, field));
        var key = string.Join('\n', [resource.Name, resource.Environment, settings.ToString(), .. pins]);
        return _rotations.GetOrAdd(key, _ => ServedRotation.Of(resource, _secrets, _clock, facts => Evidence(resource, facts)));
    }

    /// <summary>A resource that the policy changed is another one, with sessions of its own.</summary>
    private ServedDatabase Database(Resource resource)
    {
        var key = string.Join('\n',
        [
            resource.Name, resource.Environment, resource.Settings.Text(PostgresSettings.Connection),
            .. PostgresSettings.Pins.Select(field => resource.Settings.Field(PostgresSettings.Identity, field)),
            .. resource.Settings.Texts(PostgresSettings.Masked), "", .. resource.Settings.Texts(PostgresSettings.Tolerates),
        ]);
        return _databases.GetOrAdd(key, _ => new Lazy<ServedDatabase>(() => new ServedDatabase(resource, _secrets, _layers, _clock))).Value;
    }
}
