using System.Text.Json;
using System.Text.Json.Nodes;
using SafeTools.Providers.Postgres;

namespace SafeTools.Tests.Providers.Postgres.Support;

/// <summary>A resource as the provider serves it, and calls of its tools.</summary>
internal sealed class Served : IAsyncDisposable
{
    private static int _tickets;

    public Served(string url, Layers? layers = null, string claim = "staging", string[]? masked = null, string[]? tolerates = null, Dictionary<string, string>? identity = null, PostgresProvider? provider = null)
    {
        Secret = new FixedSecret(url);
        Provider = provider ?? new PostgresProvider(TimeProvider.System, Secret, layers ?? Layers.All);
        var texts = new Dictionary<string, string> { ["connection"] = "secret://env/STAGING_DATABASE_URL" };
        foreach (var (field, value) in identity ?? [])
            texts[$"identity.{field}"] = value;
        Resource = new Resource("staging-db", "postgres", claim, new SettingValues(
            texts, lists: new Dictionary<string, IReadOnlyList<string>> { ["masked"] = masked ?? [], ["tolerates"] = tolerates ?? [] }));
    }

    public FixedSecret Secret { get; }

    public PostgresProvider Provider { get; }

    public Resource Resource { get; init; }

    public static Limits Short { get; } = new(1000, 256 * 1024, TimeSpan.FromSeconds(2));

    public OperationRequest Query(string sql, Limits? limits = null) => Request(PostgresOperations.Query, SettingValues.Empty, [], limits ?? Short, ("sql", sql));

    public OperationRequest Statement(string sql, Parameter[]? parameters = null, Limits? limits = null, params (string Name, object Value)[] arguments) =>
        Request(PostgresOperations.Statement, new SettingValues(new Dictionary<string, string> { ["statement"] = sql }), parameters ?? [], limits ?? Short, arguments);

    public OperationRequest Describe(params (string Name, object Value)[] arguments) => Request(PostgresOperations.Describe, SettingValues.Empty, [], Limits.Default, arguments);

    public async Task<Execution> Call(OperationRequest request, CancellationToken cancellationToken = default)
    {
        var previewed = await Provider.Preview(request, cancellationToken);
        return previewed is Previewed.Seen seen
            ? await Provider.Execute(new Ticket($"act-{Interlocked.Increment(ref _tickets)}", request, seen.Preview.Fingerprint), new Progress<ProviderProgress>(), cancellationToken)
            : new Execution.Failed(((Previewed.Refused)previewed).Refusal);
    }

    public Task<Execution> Ask(string sql, Limits? limits = null) => Call(Query(sql, limits));

    public async Task<JsonArray> Rows(string sql) => (await Ask(sql)).Should().BeOfType<Execution.Done>(sql).Subject.Data["rows"]!.AsArray();

    public async Task<Refusal> Refused(string sql) => (await Ask(sql)).Should().BeOfType<Execution.Failed>(sql).Subject.Why;

    public ValueTask DisposeAsync() => Provider.DisposeAsync();

    private OperationRequest Request(Operation operation, SettingValues settings, Parameter[] parameters, Limits limits, params (string Name, object Value)[] arguments) =>
        new(operation, Resource, settings, new Arguments(arguments.ToDictionary(argument => argument.Name, argument => JsonSerializer.SerializeToElement(argument.Value))), limits) { Parameters = parameters };
}
