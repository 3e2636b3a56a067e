using System.Text.Json.Nodes;

namespace SafeTools.Providers.Sqlite;

/// <summary>Reads from one SQLite file, and cannot write: five layers, each of which alone stops a write (docs/providers/sqlite.md).</summary>
internal sealed class SqliteProvider(TimeProvider clock) : IProvider, IDisposable
{
    private const string Database = "database";
    private const string Sql = "sql";
    private const string Statement = "statement";

    private readonly EngineSlots _slots = new(clock);

    public string Name => "sqlite";

    public IReadOnlyList<Setting> ResourceSettings { get; } = [new Setting(Database, SettingKind.Path, "The database file.") { IsEvidence = true }];

    public IReadOnlyList<Operation> Operations { get; } =
    [
        new Operation
        {
            Name = "sqlite.statement",
            Summary = "Runs the SELECT that the spec holds.",
            Floor = Effect.Read,
            SpecDeclaresParameters = true,
            Settings = [new Setting(Statement, SettingKind.Text, "One SELECT; $1, $2, … or :name stand for the declared parameters.")],
        },
        new Operation
        {
            Name = "sqlite.query",
            Summary = "Runs one SELECT that the agent writes.",
            Floor = Effect.Read,
            Parameters =
            [
                new Parameter
                {
                    Name = Sql,
                    Type = ParameterType.String,
                    Description = "One SELECT statement in SQLite's dialect.",
                    MinLength = 1,
                    MaxLength = PreparedRead.LongestStatement,
                },
            ],
        },
    ];

    public IEnumerable<string> Check(Resource resource)
    {
        var path = resource.Settings.Text(Database);
        if (!Path.IsPathFullyQualified(path) || path.Contains('\0', StringComparison.Ordinal))
            yield return "database is not an absolute path.";
    }

    public IEnumerable<string> Check(Operation operation, SettingValues settings, IReadOnlyList<Parameter> parameters)
    {
        if (settings.TextOrNull(Statement) is not { } sql)
            return [];
        return PreparedRead.Judge(sql) is { } refusal ? [$"statement: {refusal.Message}"] : Placeholders.Check(sql, parameters);
    }

    public Task<Previewed> Preview(OperationRequest request, CancellationToken cancellationToken) =>
        _slots.Run(request.Limits.Time, deadline => Look(request, deadline), refusal => refusal, cancellationToken);

    public Task<Execution> Execute(Ticket ticket, IProgress<ProviderProgress> progress, CancellationToken cancellationToken) =>
        _slots.Run(ticket.Request.Limits.Time, deadline => Read(ticket, deadline), refusal => new Execution.Failed(refusal), cancellationToken);

    /// <summary>A read leaves no trace to look for, and nothing to settle: whether it ran or not, nothing changed.</summary>
    public Task<Execution> Probe(Ticket ticket, CancellationToken cancellationToken) => Task.FromResult<Execution>(
        new Execution.Failed(RefusalCatalog.ResourceUnavailable.Because("The answer was lost. A read changes nothing, so it may be repeated.")));

    public void Dispose() => _slots.Dispose();

    private static Previewed Look(OperationRequest request, Deadline deadline)
    {
        if (!ReadOnlyDatabase.TryOpen(request.Resource.Settings.Text(Database), deadline, out var database, out var refusal))
            return refusal;
        using (database)
        {
            return new Preview
            {
                Summary = $"Reads from the database {request.Resource.Name}.",
                Item = new Item("database", Id(request), request.Resource.Name),
                Environment = database.Environment,
                Fingerprint = Fingerprint(request, database),
                Facts = [.. database.Versions.Select(version => new Fact(version.Key, new FactValue.Count(version.Value), FactSource.Provider))],
            };
        }
    }

    private static Execution Read(Ticket ticket, Deadline deadline)
    {
        var request = ticket.Request;
        if (!ReadOnlyDatabase.TryOpen(request.Resource.Settings.Text(Database), deadline, out var database, out var refusal))
            return new Execution.Failed(refusal);
        using (database)
        {
            var now = Fingerprint(request, database);
            if (now.Count != ticket.Fingerprint.Count || now.Any(pair => ticket.Fingerprint.GetValueOrDefault(pair.Key) != pair.Value))
                return new Execution.Failed(RefusalCatalog.Stale.Because("The database is not the one that was looked at, or is marked otherwise now."));
            return Statements.Run(database, request, request.Settings.TextOrNull(Statement) ?? request.Arguments.Text(Sql), deadline);
        }
    }

    private static string Id(OperationRequest request) => $"sqlite:{request.Resource.Name}";

    /// <summary>
    /// The resource, and how the database is marked: execution compares both inside the snapshot that it reads, so a database that is marked otherwise is not
    /// read. Another file with the same marks, put in its place, is: it holds no identity of its own.
    /// </summary>
    private static Dictionary<string, string> Fingerprint(OperationRequest request, ReadOnlyDatabase database) => new(StringComparer.Ordinal)
    {
        ["item"] = Id(request),
        ["marked"] = new JsonArray([.. database.Environment.Names.Select(name => JsonValue.Create(name))]).ToJsonString(),
    };
}
