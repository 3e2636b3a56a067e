using SafeTools.Corpus.Grounds;

namespace SafeTools.Corpus.Asking;

/// <summary>A policy of one read tool in a temporary folder. Nobody accepted it: before genesis reads are offered, which is all there is.</summary>
internal sealed class PolicyFolder : IDisposable
{
    public const string Tool = "query_shop";
    public const string Principal = "local";

    /// <summary>Where the connection string is passed to the server.</summary>
    public const string Variable = "CORPUS_DATABASE_URL";

    public static TimeSpan TimeLimit { get; } = TimeSpan.FromSeconds(2);

    private const string Spec =
        """
        tool: query_shop
        title: Read the shop
        description: One SELECT on the shop's database.
        operation: postgres.query
        resource: shop
        environment: staging
        effect: read
        limits: { rows: 1000, bytes: 256KiB, time: 2s }

        """;

    public PolicyFolder(Ground ground)
    {
        Root = Directory.CreateTempSubdirectory("safetools-corpus-").FullName;
        Directory.CreateDirectory(Path.Combine(Root, "policy", "tool-specs"));
        File.WriteAllText(Path.Combine(Root, "policy", "tool-specs", "query_shop.yaml"), Spec);
        File.WriteAllText(
            Configuration,
            $$"""
            tools: ./tool-specs
            resources:
              shop:
                provider: postgres
                environment: staging
                connection: secret://env/{{Variable}}
                identity: { system_identifier: "{{ground.SystemIdentifier}}", database: {{Ground.Database}} }
                masked: [{{string.Join(", ", Ground.Masked)}}]
            principals:
              {{Principal}}:
                grants: ["read:*@staging"]

            """);
    }

    public string Root { get; }

    public string Configuration => Path.Combine(Root, "policy", "safetools.yaml");

    public string State => Path.Combine(Root, "state");

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
