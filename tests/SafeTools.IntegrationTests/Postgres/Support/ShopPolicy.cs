using System.Diagnostics;
using System.Globalization;
using SafeTools.IntegrationTests.Support;

namespace SafeTools.IntegrationTests.Postgres.Support;

/// <summary>An accepted policy with one PostgreSQL resource and a few tools on it, in a folder of its own.</summary>
internal sealed class ShopPolicy : IDisposable
{
    public const string Query = "query_shop";
    public const string Patient = "query_patiently";
    public const string Order = "order_by_id";
    public const string Slow = "pairs_above";
    public const string Describe = "describe_shop";
    public const string Resource = "shop";

    /// <summary>Of every tool but <see cref="Patient"/>.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(2);

    /// <summary>Of <see cref="Patient"/>.</summary>
    public static readonly TimeSpan PatientLimit = TimeSpan.FromSeconds(20);

    private const string Variable = "SHOP_DATABASE_URL";

    private readonly string _url;

    private ShopPolicy(Workspace workspace, string url) => (Workspace, _url) = (workspace, url);

    public Workspace Workspace { get; }

    /// <param name="url">The connection string.</param>
    /// <param name="identity">The lines of <c>identity</c>; null pins nothing.</param>
    public static async Task<ShopPolicy> Accepted(string url, IReadOnlyDictionary<string, string>? identity = null)
    {
        var workspace = Workspace.Create();
        try
        {
            Directory.Delete(Path.Combine(workspace.Folder, "workspace", "tool-specs"), recursive: true);
            var pins = identity is null ? "" : $"\n    identity: {{ {string.Join(", ", identity.Select(pin => $"{pin.Key}: \"{pin.Value}\""))} }}";
            workspace.Write(
                "workspace/safetools.yaml",
                $$"""
                tools: ./tool-specs
                resources:
                  {{Resource}}:
                    provider: postgres
                    environment: staging
                    connection: secret://env/{{Variable}}{{pins}}
                principals:
                  local:
                    grants: ["read:*@staging"]

                """);
            foreach (var (tool, operation, seconds, more) in new[]
            {
                (Query, "postgres.query", TimeLimit, ""),
                (Patient, "postgres.query", PatientLimit, ""),
                (Describe, "postgres.describe", TimeLimit, ""),
                (Order, "postgres.statement", TimeLimit, Bound("select id, customer, total, placed from shop.orders where id = $1")),
                (Slow, "postgres.statement", PatientLimit, Bound("select count(*) from shop.many a, shop.many b where a.id + b.id > $1")),
            })
            {
                workspace.Write($"workspace/tool-specs/{tool}.yaml", Spec(tool, operation, seconds, more));
            }

            using var human = await Human.Genesis(workspace);
            return new ShopPolicy(workspace, url);
        }
        catch
        {
            workspace.Dispose();
            throw;
        }
    }

    /// <summary>How its server is started.</summary>
    public ProcessStartInfo Serve() => SafeToolsProgram.Start(
        SafeToolsProgram.CommandLine(["serve", .. Workspace.Options]), Path.Combine(Workspace.Folder, "tmp"), [new(Variable, _url)]);

    public Task<Ended> Run(params string[] arguments) => SafeToolsProgram.Run(SafeToolsProgram.Start(
        SafeToolsProgram.CommandLine([.. arguments, .. Workspace.Options]), Path.Combine(Workspace.Folder, "tmp"), [new(Variable, _url)]));

    public void Dispose() => Workspace.Dispose();

    private static string Bound(string sql) =>
        $$"""

        statement: {{sql}}
        parameters:
          id: { type: integer, minimum: 0, maximum: 2000000000, description: A number }
        """;

    private static string Spec(string tool, string operation, TimeSpan time, string more) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        tool: {{tool}}
        title: The shop
        description: Reads the shop's database.
        operation: {{operation}}
        resource: {{Resource}}
        environment: staging
        effect: read{{more}}
        limits: { rows: 1000, bytes: 256KiB, time: {{time.TotalSeconds}}s }

        """);
}
