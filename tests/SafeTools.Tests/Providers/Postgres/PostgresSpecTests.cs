using SafeTools.Providers.Postgres;
using SafeTools.Server.Cli;
using SafeTools.Server.Policies;
using SafeTools.Tests.Providers.Postgres.Support;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.Providers.Postgres;

/// <summary>The specs that the repository ships, on the example's own shop, with a role that the shipped text makes.</summary>
[Collection(PostgresGround.Name)]
public sealed class PostgresSpecTests(PostgresGround ground) : IAsyncLifetime
{
    private const string Database = "shop_of_the_specs";
    private const string Role = "reader_of_the_specs";

    private static readonly string Example = Path.Combine(Golden.Root, "examples", "staging-postgres");

    private PostgresProvider _provider = null!;
    private Policy _policy = null!;

    public static TheoryData<string> Shipped =>
        [.. Directory.EnumerateFiles(Path.Combine(Golden.Root, "tool-specs", "postgres")).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    public async Task InitializeAsync()
    {
        await ground.Cluster.Run($"CREATE DATABASE {Database}");
        await ground.Cluster.RunFile(Path.Combine(Example, "shop.sql"), Database);
        await ground.Cluster.Run(RoleScript.Of(RoleRequest.Of(Role, Database, ["shop"], "staging", [], out _)!) + $"ALTER ROLE {Role} PASSWORD 'pw';", Database);
        _provider = new PostgresProvider(TimeProvider.System, new FixedSecret(ground.Cluster.Url(Role, "pw", Database)));
        _policy = PolicyFiles.Load(new PolicyLoader([_provider]), Path.Combine(Example, "safetools.yaml"), out var problems)!;
        problems.Should().BeEmpty();
    }

    public async Task DisposeAsync()
    {
        await _provider.DisposeAsync();
        await ground.Cluster.Run($"DROP DATABASE {Database} WITH (FORCE)");
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public async Task Load_Spec_DoesWhatItsExamplesSay(string name)
    {
        var tool = _policy.Tools[name];
        tool.Examples.Select(example => example.Expected).Should().Contain("executed").And.Contain(expected => expected != "executed", "one works and one refuses");
        foreach (var example in tool.Examples)
        {
            (await ExampleRun.Try(tool, example, _policy, new ProviderCalls([_provider], (_, _) => { }), CancellationToken.None)).Came
                .Should().Be(example.Expected, $"line {example.Line} of {name} says so");
        }
    }

    [Fact]
    public async Task Run_OrdersByCustomer_AnswersTheNewestFirst()
    {
        var tool = _policy.Tools["orders_by_customer"];
        ArgumentBinder.Bind(tool, tool.Examples[0].Arguments, out var arguments, out _).Should().BeNull();
        var request = tool.Request(arguments);
        var seen = (Previewed.Seen)await _provider.Preview(request, CancellationToken.None);
        var answer = await _provider.Execute(new Ticket("act-1", request, seen.Preview.Fingerprint), new Progress<ProviderProgress>(), CancellationToken.None);
        answer.Data()["rows"]!.AsArray().Select(row => row![0]!.GetValue<int>()).Should().Equal(20, 40, 60, 80, 100, 120, 140, 160, 180, 200);
    }

    /// <summary>Whoever copies the example has the specs of the repository.</summary>
    [Fact]
    public void Example_ItsSpecs_AreTheShippedOnes() =>
        Read(Path.Combine(Example, "tool-specs")).Should().Equal(Read(Path.Combine(Golden.Root, "tool-specs", "postgres")));

    private static SortedDictionary<string, string> Read(string folder) =>
        new(Directory.EnumerateFiles(folder).ToDictionary(file => Path.GetFileName(file), File.ReadAllText), StringComparer.Ordinal);
}
