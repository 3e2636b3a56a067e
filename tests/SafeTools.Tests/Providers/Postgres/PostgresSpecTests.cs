using System.Runtime.Versioning;
using SafeTools.Providers.Postgres;
using SafeTools.Server.Cli;
using SafeTools.Server.Policies;
using SafeTools.Server.Secrets;
using SafeTools.Tests.Contracts;
using SafeTools.Tests.Providers.Postgres.Support;
using SafeTools.Tests.Support;

namespace SafeTools.Tests.Providers.Postgres;

/// <summary>The specs that the repository ships, on the examples' own shop, with roles that the shipped texts make.</summary>
[Collection(PostgresGround.Name)]
[UnsupportedOSPlatform("windows")]
public sealed class PostgresSpecTests(PostgresGround ground) : IAsyncLifetime
{
    private const string Database = "shop_of_the_specs";
    private const string Role = "reader_of_the_specs";

    private static readonly string Example = Path.Combine(Golden.Root, "examples", "staging-postgres");
    private static readonly string RotateExample = Path.Combine(Golden.Root, "examples", "rotate");

    private readonly string _state = Directory.CreateTempSubdirectory("safetools-specs-").FullName;
    private FaultySecrets _secrets = null!;
    private PostgresProvider _provider = null!;
    private Policy _policy = null!;

    public static TheoryData<string> Shipped =>
        [.. Directory.EnumerateFiles(Path.Combine(Golden.Root, "tool-specs", "postgres")).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    public async Task InitializeAsync()
    {
        await ground.Cluster.Run($"CREATE DATABASE {Database}");
        await ground.Cluster.RunFile(Path.Combine(Example, "shop.sql"), Database);
        await ground.Cluster.Run(RoleScript.Of(RoleRequest.Of(Role, Database, ["shop"], "staging", [], out _)!) + $"ALTER ROLE {Role} PASSWORD 'pw';", Database);
        _secrets = new FaultySecrets(new PlacedSecrets(_state, TimeProvider.System));
        _secrets.Fixed["secret://env/STAGING_DATABASE_URL"] = ground.Cluster.Url(Role, "pw", Database);
        _provider = new PostgresProvider(TimeProvider.System, _secrets);
        _policy = Load(Example);
    }

    public async Task DisposeAsync()
    {
        await _provider.DisposeAsync();
        await ground.Cluster.Run($"DROP DATABASE {Database} WITH (FORCE); DROP ROLE IF EXISTS shop_app, shop_app_a, shop_app_b, shop_rotator;");
        Directory.Delete(_state, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public async Task Load_Spec_DoesWhatItsExamplesSay(string name)
    {
        var policy = _policy.Tools.ContainsKey(name) ? _policy : await Rotating();
        var tool = policy.Tools[name];
        tool.Examples.Select(example => example.Expected).Should().Contain("executed").And.Contain(expected => expected != "executed", "one works and one refuses");
        foreach (var example in tool.Examples)
        {
            (await ExampleRun.Try(tool, example, policy, new ProviderCalls([_provider], (_, _) => { }), CancellationToken.None)).Came
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

    /// <summary>Whoever copies an example has the specs of the repository: all that read in the one, and in the other what a rotation needs besides.</summary>
    [Fact]
    public void Examples_TheirSpecs_AreTheShippedOnes()
    {
        var shipped = Read(Path.Combine(Golden.Root, "tool-specs", "postgres"));
        Read(Path.Combine(Example, "tool-specs")).Should().Equal(shipped.Where(spec => spec.Value.Contains("\neffect: read\n", StringComparison.Ordinal)));
        var rotating = Read(Path.Combine(RotateExample, "tool-specs"));
        rotating.Should().BeSubsetOf(shipped);
        rotating.Keys.Should().Contain(shipped.Where(spec => !spec.Value.Contains("\neffect: read\n", StringComparison.Ordinal)).Select(spec => spec.Key));
    }

    /// <summary>The example's application as its README sets it up.</summary>
    private async Task<Policy> Rotating()
    {
        await ground.Cluster.RunFile(Path.Combine(RotateExample, "application.sql"), Database);
        await ground.Cluster.Run(
            RotationScript.Of(RotationRequest.Of("shop", "shop_app", ["shop_app_a", "shop_app_b"], "shop_rotator", Database, out _)!) + "ALTER ROLE shop_app_a PASSWORD 'pa'; ALTER ROLE shop_rotator PASSWORD 'pr';", Database);
        _secrets.Fixed["secret://store/reader"] = ground.Cluster.Url(Role, "pw", Database);
        _secrets.Fixed["secret://store/rotator"] = ground.Cluster.Url("shop_rotator", "pr", Database);
        _secrets.Fixed["secret://envfile/srv/shop/.env#DATABASE_URL"] = ground.Cluster.Url("shop_app_a", "pa", Database);
        return Load(RotateExample);
    }

    private Policy Load(string example)
    {
        var policy = PolicyFiles.Load(new PolicyLoader([_provider]), Path.Combine(example, "safetools.yaml"), out var problems)!;
        problems.Should().BeEmpty();
        return policy;
    }

    private static SortedDictionary<string, string> Read(string folder) =>
        new(Directory.EnumerateFiles(folder).ToDictionary(file => Path.GetFileName(file), File.ReadAllText), StringComparer.Ordinal);
}
