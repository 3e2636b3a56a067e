using System.Runtime.CompilerServices;

namespace SafeTools.Tests.Providers.Sqlite;

/// <summary>The specs that come with SafeTools, run on a real database by their own examples.</summary>
public sealed class SqliteSpecTests : IDisposable
{
    private readonly SqliteSandbox _sandbox = new("""
        create table orders (id integer primary key, customer text, total real, placed text);
        insert into orders values (1, 'n1', 10.5, '2026-01-01'), (2, 'n1', 20, '2026-02-01'), (3, 'n2', 5, '2026-03-01');
        create table settings (name text primary key, value text);
        insert into settings values ('mail.host', 'mx'), ('mail.port', '25'), ('theme', 'dark')
        """);

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("query_staging_db")]
    [InlineData("app_settings")]
    [InlineData("orders_by_customer")]
    public async Task Load_Spec_DoesWhatItsExamplesSay(string name)
    {
        var tool = Load(name);
        tool.Examples.Should().NotBeEmpty();
        foreach (var example in tool.Examples)
        {
            var refused = ArgumentBinder.Bind(tool, example.Arguments, out var arguments, out _);
            var answer = refused?.Code.Id ?? (await _sandbox.Run(tool.Request(arguments)) is Execution.Failed failed ? failed.Why.Code.Id : "executed");
            answer.Should().Be(example.Expected, $"line {example.Line} of {name} says so");
        }
    }

    [Fact]
    public async Task Run_OrdersByCustomer_AnswersTheNewestFirst()
    {
        var tool = Load("orders_by_customer");
        ArgumentBinder.Bind(tool, tool.Examples[0].Arguments, out var arguments, out _).Should().BeNull();
        SqliteSandbox.Rows(await _sandbox.Run(tool.Request(arguments))).Should().Be("""[[2,20,"2026-02-01"],[1,10.5,"2026-01-01"]]""");
    }

    [Fact]
    public async Task Run_AppSettings_AnswersThePrefix()
    {
        var tool = Load("app_settings");
        ArgumentBinder.Bind(tool, tool.Examples[1].Arguments, out var arguments, out _).Should().BeNull();
        SqliteSandbox.Rows(await _sandbox.Run(tool.Request(arguments))).Should().Be("""[["mail.host","mx"],["mail.port","25"]]""");
    }

    private ToolSpec Load(string name)
    {
        var file = $"tool-specs/sqlite/{name}.yaml";
        const string configuration = """
            resources:
              staging-db: { provider: sqlite, environment: staging, database: shop.db }
            principals:
              local: { grants: ["read:*@staging"] }
            """;
        var specs = new Dictionary<string, string> { [file] = File.ReadAllText(Path.Combine(Repository(), file)) };
        var policy = new PolicyLoader([_sandbox.Provider]).Load(new PolicySource(_sandbox.Folder, configuration, specs), out var problems);
        problems.Should().BeEmpty();
        return policy!.Tools[name];
    }

    private static string Repository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../.."));
}
