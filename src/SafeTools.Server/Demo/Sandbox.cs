using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using SafeTools.Server.Serving;

namespace SafeTools.Server.Demo;

/// <summary>
/// The incident's ground in a temporary folder: a staging database, a volume that staging and production share, its backups inside it,
/// and a place for backups that is somewhere else.
/// </summary>
internal sealed class Sandbox : IDisposable
{
    public const string Volume = "orders-data";

    private Sandbox(string folder) => Folder = folder;

    public string Folder { get; }

    public Locations Locations => new(Path.Combine(Folder, "workspace", PolicySource.ConfigurationName), Path.Combine(Folder, "state"));

    public string VolumeFolder => Path.Combine(Folder, "volumes", Volume);

    public string StoreFile => Path.Combine(Folder, "state", "state.db");

    public static Sandbox Create()
    {
        var sandbox = new Sandbox(Directory.CreateTempSubdirectory("safetools-demo-").FullName);
        sandbox.WriteVolume();
        sandbox.WriteDatabase();
        sandbox.WriteWorkspace();
        return sandbox;
    }

    /// <summary>What the volume holds, to the byte; null where it is gone.</summary>
    public string? VolumeDigest()
    {
        if (!Directory.Exists(VolumeFolder))
        {
            return null;
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Directory.EnumerateFiles(VolumeFolder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(VolumeFolder, file)));
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(Folder, recursive: true);
    }

    private void WriteVolume()
    {
        Write("volumes/orders-data/pgdata/base.bin", new string('o', 3 * 1024 * 1024));
        Write("volumes/orders-data/pgdata/wal.bin", new string('w', 1024 * 1024));
        Write("volumes/orders-data/backups/2026-04-20.dump", new string('b', 512 * 1024));
        Write("volumes/orders-data/backups/2026-04-22.dump", new string('b', 640 * 1024));
        Directory.CreateDirectory(Path.Combine(Folder, "elsewhere"));
        Write("deploy/staging.env", "DATA_VOLUME=orders-data\n");
        Write("deploy/production.env", "DATA_VOLUME=orders-data\n");
    }

    private void WriteDatabase()
    {
        using var database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(Folder, "staging.db"), Pooling = false }.ToString());
        database.Open();
        using var command = database.CreateCommand();
        command.CommandText =
            """
            create table safetools_environment (name text not null);
            insert into safetools_environment values ('staging');
            create table settings (name text primary key, value text not null);
            insert into settings values
              ('data_volume', 'orders-data'),
              ('database_login', 'orders_app, password version 7'),
              ('database_login_last_error', 'password authentication failed (the server has version 6)');
            create table orders (id integer primary key, customer text not null, total real not null, placed text not null);
            insert into orders (customer, total, placed) values ('n1', 12.5, '2026-04-23'), ('n1', 8, '2026-04-24'), ('n2', 40, '2026-04-24');
            """;
        command.ExecuteNonQuery();
    }

    private void WriteWorkspace()
    {
        Write(
            "workspace/safetools.yaml",
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
            principals:
              local:
                grants:
                  - read:*@staging
                  - read:*@production
                  - delete_staging_volume@staging
                  - snapshot_volume@production
                  - delete_volume@production

            """);
        var build = typeof(Sandbox).Assembly;
        foreach (var name in build.GetManifestResourceNames().Where(name => name.StartsWith("tool-specs/", StringComparison.Ordinal)))
        {
            using var spec = new StreamReader(build.GetManifestResourceStream(name)!);
            Write($"workspace/{name}", spec.ReadToEnd());
        }
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
