namespace SafeTools.Tests.Support;

/// <summary>A second provider, so that a resource can belong to the wrong one.</summary>
internal sealed class OtherProvider : IProvider
{
    public string Name => "other";

    public IReadOnlyList<Setting> ResourceSettings => [];

    public IReadOnlyList<Operation> Operations { get; } = [new() { Name = "other.look", Summary = "Looks.", Floor = Effect.Read }];

    public IEnumerable<string> Check(Resource resource) => [];

    public IEnumerable<string> Check(Operation operation, SettingValues settings, IReadOnlyList<Parameter> parameters) => [];

    public Task<Previewed> Preview(OperationRequest request, CancellationToken cancellationToken) => Task.FromResult<Previewed>(Sample.Seen("staging"));

    public Task<Execution> Execute(Ticket ticket, IProgress<ProviderProgress> progress, CancellationToken cancellationToken) => Task.FromResult<Execution>(SampleProvider.Done());

    public Task<Execution> Probe(Ticket ticket, CancellationToken cancellationToken) => Task.FromResult<Execution>(SampleProvider.Done());
}
