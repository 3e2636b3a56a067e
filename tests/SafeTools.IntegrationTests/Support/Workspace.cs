using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using SafeTools.Server.Demo;
using SafeTools.Server.Serving;
using SafeTools.Server.State;

namespace SafeTools.IntegrationTests.Support;

/// <summary>
/// Ground to work on, in a temporary folder: a staging database, a volume that production and staging share, one that staging alone has,
/// a place for backups, the shipped specs, and a state folder beside them.
/// </summary>
internal sealed class Workspace : IDisposable
{
    public const string Shared = "orders-data";
    public const string Staging = "scratch-data";

    public const string Configuration =
        """
        tools: ./tool-specs
        resources:
          staging-db:
            provider: sqlite
            environment: staging
            database: ../staging.db
          data:
            provider: localvolume
            environment: production
            root: ../volumes
            backups: ../elsewhere
            references:
              staging: [../deploy/staging.env]
              production: [../deploy/production.env]
          scratch:
            provider: localvolume
            environment: staging
            root: ../volumes
            backups: ../elsewhere
            references:
              staging: [../deploy/staging.env]
              production: [../deploy/production.env]
        principals:
          local:
            grants:
              - read:*@staging
              - read:*@production
              - delete_staging_volume@staging
              - delete_scratch_volume@staging
              - snapshot_scratch_volume@staging
              - snapshot_volume@production
              - delete_volume@production
          watcher:
            grants:
              - read:*@staging

        """;

    private Workspace(string folder) => Folder = folder;

    public string Folder { get; }

    public string ConfigurationFile => Path.Combine(Folder, "workspace", PolicySource.ConfigurationName);

    public string State => Path.Combine(Folder, "state");

    public string StoreFile => Path.Combine(State, "state.db");

    public Locations Locations => new(ConfigurationFile, State);

    public IReadOnlyList<string> Options => ["--config", ConfigurationFile, "--state", State];

    public static Workspace Create()
    {
        var workspace = new Workspace(Directory.CreateTempSubdirectory("safetools-canary-").FullName);
        workspace.Write($"volumes/{Shared}/pgdata/base.bin", new string('o', 300_000));
        workspace.Write($"volumes/{Shared}/backups/old.dump", new string('b', 50_000));
        workspace.Write($"volumes/{Staging}/notes.txt", "scratch\n");
        Directory.CreateDirectory(Path.Combine(workspace.Folder, "elsewhere"));
        Directory.CreateDirectory(Path.Combine(workspace.Folder, "tmp"));
        workspace.Write("deploy/staging.env", $"DATA_VOLUME={Shared}\nSCRATCH={Staging}\n");
        workspace.Write("deploy/production.env", $"DATA_VOLUME={Shared}\n");
        workspace.Write("workspace/safetools.yaml", Configuration);
        var build = typeof(Sandbox).Assembly;
        foreach (var name in build.GetManifestResourceNames().Where(name => name.StartsWith("tool-specs/", StringComparison.Ordinal)))
        {
            using var spec = new StreamReader(build.GetManifestResourceStream(name)!);
            workspace.Write($"workspace/{name}", spec.ReadToEnd());
        }

        // The same root claimed as staging: a volume that staging alone names is staging there, and production under the claim above.
        workspace.Write("workspace/tool-specs/scratch/delete_scratch_volume.yaml", Spec("delete_scratch_volume", "localvolume.delete", "irreversible"));
        workspace.Write("workspace/tool-specs/scratch/snapshot_scratch_volume.yaml", Spec("snapshot_scratch_volume", "localvolume.snapshot", "reversible"));
        Sql(
            Path.Combine(workspace.Folder, "staging.db"),
            """
            create table safetools_environment (name text not null);
            insert into safetools_environment values ('staging');
            create table settings (name text primary key, value text not null);
            insert into settings values ('data_volume', 'orders-data');
            create table orders (id integer primary key, customer text not null, total real not null, placed text not null);
            insert into orders (customer, total, placed) values ('n1', 12.5, '2026-04-23'), ('n2', 40, '2026-04-24');
            """);
        return workspace;
    }

    private static string Spec(string tool, string operation, string effect) =>
        $$"""
        tool: {{tool}}
        title: Staging's own volumes
        description: For volumes that only staging uses.
        operation: {{operation}}
        resource: scratch
        environment: staging
        effect: {{effect}}
        limits: { time: 30s, calls: 30/min }

        """;

    public void Write(string path, string content)
    {
        var full = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
    }

    /// <summary>Edits safetools.yaml as a person would.</summary>
    public void Edit(string old, string now)
    {
        var text = File.ReadAllText(ConfigurationFile);
        text.Should().Contain(old);
        File.WriteAllText(ConfigurationFile, text.Replace(old, now, StringComparison.Ordinal));
    }

    /// <summary>Runs SQL on a file, as somebody with a shell could.</summary>
    public static int Sql(string file, string sql)
    {
        using var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        database.Open();
        using var command = database.CreateCommand();
#pragma warning disable CA2100 // The tests' own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteNonQuery();
    }

    /// <summary>Names and content of everything under volumes and backups, the provider's quarantine included.</summary>
    public string GroundDigest() => Digest("volumes", "elsewhere", "deploy", "workspace");

    public string GroundDigestOf(string volume) => Digest(Path.Combine("volumes", volume));

    private string Digest(params string[] parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            foreach (var entry in Directory.EnumerateFileSystemEntries(Path.Combine(Folder, part), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                hash.AppendData(Encoding.UTF8.GetBytes(entry + "\n"));
                hash.AppendData(File.Exists(entry) ? File.ReadAllBytes(entry) : []);
            }
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    public string Volume(string name) => Path.Combine(Folder, "volumes", name);

    /// <summary>How many entries the quarantine holds.</summary>
    public int Quarantined()
    {
        var folder = Path.Combine(Folder, "volumes", ".safetools", "quarantine");
        return Directory.Exists(folder) ? Directory.GetDirectories(folder).Count(entry => Directory.Exists(Path.Combine(entry, "data"))) : 0;
    }

    /// <summary>The store's entries, read by this process beside the others.</summary>
    public async Task<IReadOnlyList<AuditEntry>> Audit()
    {
        var store = await SqliteStore.Open(State, TimeProvider.System, CancellationToken.None);
        await using var _ = store;
        var entries = new List<AuditEntry>();
        await foreach (var entry in store.Audit(1, CancellationToken.None))
        {
            entries.Add(entry);
        }

        return entries;
    }

    /// <summary>What `audit verify` finds, without the cost of a process; null where it verifies.</summary>
    public async Task<AuditFault?> Verified()
    {
        var store = await SqliteStore.Open(State, TimeProvider.System, CancellationToken.None);
        await using var _ = store;
        var approvers = (await store.Policies(CancellationToken.None)).ToDictionary(policy => policy.Epoch, policy => PolicyDocument.Approvers(policy.Document));
        return (await AuditVerifier.Verify(store.Id, store.Audit(1, CancellationToken.None), approvers.GetValueOrDefault, CancellationToken.None)).Fault;
    }

    public async Task<StoredAction> Action(string id)
    {
        var store = await SqliteStore.Open(State, TimeProvider.System, CancellationToken.None);
        await using var _ = store;
        return (await store.Get(id, CancellationToken.None))!;
    }

    public async Task<IReadOnlyList<StoredAction>> Actions()
    {
        var store = await SqliteStore.Open(State, TimeProvider.System, CancellationToken.None);
        await using var _ = store;
        return await store.List(principal: null, open: false, most: 1000, CancellationToken.None);
    }

    /// <summary>How many entries bear a person's signature.</summary>
    public async Task<int> Signed() =>
        (await Audit()).Count(entry => entry.Kind is "decision.accepted" or "policy.signed" or "policy.accepted" or "principal.unfrozen");

    public Task<StoredAction> Ended(string id) => Eventually.Get(() => Action(id), action => !ActionLife.IsOpen(action.Status));

    /// <summary>Runs a verb without a terminal.</summary>
    public Task<Ended> Run(params string[] arguments) => RunWith("", arguments);

    public Task<Ended> RunWith(string input, params string[] arguments) =>
        SafeToolsProgram.Run(SafeToolsProgram.Start(SafeToolsProgram.CommandLine([.. arguments, .. Options]), Path.Combine(Folder, "tmp")), input);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
