using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Npgsql;

namespace SafeTools.Clusters;

/// <summary>
/// A real PostgreSQL of its own, 15 unless another is asked for, in a temporary folder, on 127.0.0.1, with passwords (scram-sha-256) and without care for the disk (fsync off).
/// Its superuser is <see cref="Superuser"/>. It takes about a second to start, and goes with everything it wrote when it is disposed, or when this
/// process ends in any way. Each has a system identifier of its own; standbys and clones share their origin's.
/// </summary>
public sealed class PostgresCluster : IAsyncDisposable
{
    public const string Superuser = "postgres";

    /// <summary>The superuser's.</summary>
    public const string Password = "superuser-of-a-throwaway-cluster";

    private readonly ClusterFolder _folder;
    private Postmaster? _postmaster;

    // Npgsql reads this once; left on, it would split statements at semicolons for everybody in this process, the product under test included.
    static PostgresCluster() => AppContext.SetSwitch("Npgsql.EnableSqlRewriting", false);

    private PostgresCluster(ClusterFolder folder, int port, X509Certificate2? certificate) => (_folder, Port, Certificate) = (folder, port, certificate);

    public int Port { get; }

    /// <summary>The server's certificate; null where it serves no TLS.</summary>
    public X509Certificate2? Certificate { get; private set; }

    /// <summary>The server's log, growing.</summary>
    public string LogFile => _folder.Log;

    public string DataFolder => _folder.Data;

    /// <summary>The postmaster's; its backends are its children.</summary>
    public int ProcessId => _postmaster?.ProcessId ?? throw new InvalidOperationException("The cluster is stopped.");

    public static async Task<PostgresCluster> Start(ClusterOptions? options = null, CancellationToken cancellationToken = default)
    {
        var folder = await ClusterFolder.Make(cancellationToken);
        if (options?.Programs is { } programs)
        {
            folder.Bring(programs);
        }

        return await Launch(folder, () => Initialize(folder, cancellationToken), options ?? new ClusterOptions(), cancellationToken);
    }

    /// <summary>A hot standby that follows this one.</summary>
    public Task<PostgresCluster> Standby(ClusterOptions? options = null, CancellationToken cancellationToken = default) => BackUp(["-R"], options, cancellationToken);

    /// <summary>A physical copy that goes its own way: same system identifier, same databases, same passwords, another port.</summary>
    public Task<PostgresCluster> Clone(ClusterOptions? options = null, CancellationToken cancellationToken = default) => BackUp([], options, cancellationToken);

    /// <summary>For Npgsql; unpooled.</summary>
    public string ConnectionString(string user = Superuser, string password = Password, string database = "postgres", string application = "test") =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Username = user,
            Password = password,
            Database = database,
            ApplicationName = application,
            Pooling = false,
            Timeout = 15,
        }.ToString();

    /// <summary>As SafeTools' <c>connection</c> secrets have it.</summary>
    public string Url(string user, string password, string database, string parameters = "sslmode=disable") =>
        string.Create(CultureInfo.InvariantCulture, $"postgres://{Uri.EscapeDataString(user)}:{Uri.EscapeDataString(password)}@127.0.0.1:{Port}/{Uri.EscapeDataString(database)}?{parameters}");

    public async Task<NpgsqlConnection> Open(string user = Superuser, string password = Password, string database = "postgres", string application = "test", CancellationToken cancellationToken = default)
    {
        var connection = new NpgsqlConnection(ConnectionString(user, password, database, application));
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs statements as the superuser, one after the other, each in its own transaction; the rows as text, columns divided by |.</summary>
    public Task<string> Run(string sql, string database = "postgres", CancellationToken cancellationToken = default) =>
        OsUser.Run(
            [PostgresPrograms.Path("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-U", Superuser, "-d", database, "-f", "-"],
            sql, Password, cancellationToken);

    /// <summary>The same with the statements of a file.</summary>
    public async Task<string> RunFile(string path, string database, CancellationToken cancellationToken = default) =>
        await Run(await File.ReadAllTextAsync(path, cancellationToken), database, cancellationToken);

    /// <summary>What makes it the server that it is.</summary>
    public Task<string> SystemIdentifier(CancellationToken cancellationToken = default) => Run("select system_identifier from pg_control_system()", cancellationToken: cancellationToken);

    /// <summary>Ends the server: at once and without a word, as a crash would, unless <paramref name="cleanly"/>.</summary>
    public async Task Stop(bool cleanly = false)
    {
        if (_postmaster is { } running)
        {
            _postmaster = null;
            await running.Stop(cleanly);
            await running.DisposeAsync();
        }
    }

    /// <summary>What the end of this process does to it.</summary>
    internal Task Abandon() => _postmaster?.Abandon() ?? Task.CompletedTask;

    /// <summary>Starts it again after <see cref="Stop"/>, on the same port with the same data.</summary>
    public async Task Resume(CancellationToken cancellationToken = default) => _postmaster ??= await Postmaster.Start(_folder, cancellationToken);

    public async Task Restart(bool cleanly = false, CancellationToken cancellationToken = default)
    {
        await Stop(cleanly);
        await Resume(cancellationToken);
    }

    /// <summary>Gives a cluster that serves TLS another certificate, and starts it again.</summary>
    /// <param name="name">Whom it is made out to; null: 127.0.0.1 and localhost.</param>
    /// <param name="until">When it ends; null: the day after tomorrow.</param>
    public async Task Certify(string? name = null, DateTimeOffset? until = null, CancellationToken cancellationToken = default)
    {
        var made = SelfMadeCertificate.Make(name, until);
        await WriteCertificate(_folder, made, cancellationToken);
        Certificate?.Dispose();
        Certificate = made.Certificate;
        await Restart(cleanly: true, cancellationToken);
    }

    /// <summary>Puts host rules (pg_hba.conf) before those that there are, one a line, and has them read.</summary>
    public async Task PutHostRules(string rules, CancellationToken cancellationToken = default)
    {
        var file = Path.Combine(_folder.Data, "pg_hba.conf");
        await ClusterFolder.Write(file, $"{rules}\n{await File.ReadAllTextAsync(file, cancellationToken)}", cancellationToken);
        await Restart(cleanly: true, cancellationToken);
    }

    /// <summary>Stops it and keeps a copy of every byte for <see cref="Restore"/>. It stays stopped.</summary>
    public async Task Keep(CancellationToken cancellationToken = default)
    {
        await Stop(cleanly: true);
        await ClusterFolder.Delete(_folder.Kept);
        await ClusterFolder.Copy(_folder.Data, _folder.Kept, cancellationToken);
    }

    /// <summary>Stops it and puts the kept copy back, whatever was done to the cluster since. It stays stopped.</summary>
    public async Task Restore(CancellationToken cancellationToken = default)
    {
        await Stop();
        await ClusterFolder.Delete(_folder.Data);
        await ClusterFolder.Copy(_folder.Kept, _folder.Data, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        await ClusterFolder.Delete(_folder.Root);
        Certificate?.Dispose();
    }

    private static async Task Initialize(ClusterFolder folder, CancellationToken cancellationToken)
    {
        var passwordFile = Path.Combine(folder.Root, "password");
        await ClusterFolder.Write(passwordFile, Password, cancellationToken);
        await OsUser.Run(
            [folder.Program("initdb"), "-D", folder.Data, "-U", Superuser, $"--pwfile={passwordFile}", "--auth=scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
            cancellationToken: cancellationToken);
        await ClusterFolder.Write(Path.Combine(folder.Data, "pg_hba.conf"), "host all all 127.0.0.1/32 scram-sha-256\nhost replication all 127.0.0.1/32 scram-sha-256\n", cancellationToken);
    }

    private async Task<PostgresCluster> BackUp(IEnumerable<string> more, ClusterOptions? options, CancellationToken cancellationToken)
    {
        var folder = await ClusterFolder.Make(cancellationToken);
        var origin = string.Create(CultureInfo.InvariantCulture, $"host=127.0.0.1 port={Port} user={Superuser}");
        string[] command = [PostgresPrograms.Path("pg_basebackup"), "-d", origin, "-D", folder.Data, "-X", "stream", "-c", "fast", "--no-sync", .. more];
        return await Launch(folder, () => OsUser.Run(command, password: Password, cancellationToken: cancellationToken), options ?? new ClusterOptions(), cancellationToken);
    }

    private static async Task<PostgresCluster> Launch(ClusterFolder folder, Func<Task> fill, ClusterOptions options, CancellationToken cancellationToken)
    {
        PostgresCluster? cluster = null;
        try
        {
            await fill();
            cluster = await Configure(folder, options, cancellationToken);
            await cluster.Resume(cancellationToken);
            return cluster;
        }
        catch
        {
            cluster?.Certificate?.Dispose();
            await ClusterFolder.Delete(folder.Root);
            throw;
        }
    }

    private static async Task<PostgresCluster> Configure(ClusterFolder folder, ClusterOptions options, CancellationToken cancellationToken)
    {
        var certificate = options.Tls ? SelfMadeCertificate.Make() : null;
        if (certificate is not null)
        {
            await WriteCertificate(folder, certificate, cancellationToken);
        }

        var port = options.Port == 0 ? FreePort.Take() : options.Port;
        var settings = new Dictionary<string, string>
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = "",
            ["ssl"] = options.Tls ? "on" : "off",
            ["fsync"] = "off",
            ["shared_buffers"] = "16MB",
            ["log_min_error_statement"] = "panic",
        };
        foreach (var (name, value) in options.Settings)
        {
            settings[name] = value;
        }

        // The last line for a name wins, so a copy's own settings win over its origin's.
        await ClusterFolder.Append(
            Path.Combine(folder.Data, "postgresql.conf"),
            string.Concat(settings.Select(setting => $"{setting.Key} = '{setting.Value.Replace("'", "''", StringComparison.Ordinal)}'\n")),
            cancellationToken);
        return new PostgresCluster(folder, port, certificate?.Certificate);
    }

    private static async Task WriteCertificate(ClusterFolder folder, SelfMadeCertificate certificate, CancellationToken cancellationToken)
    {
        await ClusterFolder.Write(Path.Combine(folder.Data, "server.crt"), certificate.CertificatePem, cancellationToken);
        await ClusterFolder.Write(Path.Combine(folder.Data, "server.key"), certificate.KeyPem, cancellationToken);
    }
}
