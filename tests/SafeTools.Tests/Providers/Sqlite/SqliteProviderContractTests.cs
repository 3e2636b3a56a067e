using SafeTools.Tests.Contracts;

namespace SafeTools.Tests.Providers.Sqlite;

public sealed class SqliteProviderContractTests : ProviderContract, IDisposable
{
    private readonly SqliteSandbox _sandbox = new();

    protected override IProvider Provider => _sandbox.Provider;

    protected override Resource Resource => _sandbox.Resource;

    protected override IReadOnlyList<string> NeverShown => [_sandbox.Folder];

    protected override OperationRequest Arrange(string operation) => operation switch
    {
        "sqlite.query" => _sandbox.Query("select * from orders"),
        "sqlite.statement" => _sandbox.Statement("select name from customers where id = $1", ("id", ParameterType.Integer, 1)),
        _ => throw new InvalidOperationException($"No arrangement for {operation}."),
    };

    protected override OperationRequest MissingItem() =>
        _sandbox.Query("select 1") with { Resource = SqliteSandbox.ResourceAt(Path.Combine(_sandbox.Folder, "missing.db")) };

    protected override string Everything() => _sandbox.Everything();

    protected override string UserState() => _sandbox.Everything();

    public void Dispose() => _sandbox.Dispose();
}
