using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SafeTools;
using SafeTools.ConformanceHost;
using SafeTools.Server.Http;
using SafeTools.Server.Mcp;
using SafeTools.Server.Serving;

// The server's own HTTP endpoint, shelf and options, with the tools, prompts and resources that the conformance suites ask for added to the shelf.
// They exist in this program alone: what is installed cannot be made to serve them.
// usage: SafeTools.ConformanceHost FOLDER, an empty one; prints the URL when it serves.
var folder = Path.GetFullPath(args[0]);
Directory.CreateDirectory(Path.Combine(folder, "policy", "tool-specs"));
var configuration = Path.Combine(folder, "policy", PolicySource.ConfigurationName);
await File.WriteAllTextAsync(configuration, "tools: ./tool-specs\nresources: {}\nprincipals:\n  local:\n    grants: []\n");

var runtime = await Runtime.Open(new Locations(configuration, Path.Combine(folder, "state")), TimeProvider.System, (fault, what) => Console.Error.WriteLine($"{what}: {fault}"), CancellationToken.None);
await using var _ = runtime;
var shelves = new Shelves(runtime);
shelves.Follow(await runtime.Catalog.Standing(CancellationToken.None));
var fixtures = new Fixtures(shelves.Of("local").Tools);
var address = HttpAddress.Read("http://127.0.0.1:0", out var fault) ?? throw new InvalidOperationException(fault);
var host = HttpHost.Build(
    address,
    [],
    new HttpLimits(),
    new FixedPrincipal("local", runtime.Catalog).Identify,
    principal => fixtures.AddTo(McpOptions.Create(shelves.Of(principal), fault => Console.Error.WriteLine(fault))),
    services => services.AddSingleton(runtime).AddSingleton<IStandingFollower>(shelves).AddHostedService<UpkeepLoop>());
await host.StartAsync();
Console.WriteLine(HttpHost.Client(host, address));
await host.WaitForShutdownAsync();
