using Npgsql;

namespace SafeTools.Providers.Postgres;

/// <summary>Reads from one PostgreSQL database, and cannot write: five layers, each of which alone stops a write (docs/providers/postgres.md).</summary>
internal sealed class PostgresProvider(TimeProvider clock, ISecrets secrets) : IProvider
{
    public string Name => "postgres";

    public IReadOnlyList<Setting> ResourceSettings => PostgresSettings.OfResource;

    public IReadOnlyList<Operation> Operations => PostgresOperations.All;

    public IEnumerable<string> Check(Resource resource) => [];

    public IEnumerable<string> Check(Operation operation, SettingValues settings, IReadOnlyList<Parameter> parameters) => [];

    public Task<Previewed> Preview(OperationRequest request, CancellationToken cancellationToken) => throw new NotSupportedException($"{clock} {secrets} {typeof(NpgsqlConnection)}");

    public Task<Execution> Execute(Ticket ticket, IProgress<ProviderProgress> progress, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Execution> Probe(Ticket ticket, CancellationToken cancellationToken) => throw new NotSupportedException();
}
