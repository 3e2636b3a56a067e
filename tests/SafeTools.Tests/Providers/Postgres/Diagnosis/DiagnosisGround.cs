using SafeTools.Clusters;

namespace SafeTools.Tests.Providers.Postgres.Diagnosis;

/// <summary>A staging server with TLS and careful host rules, and a production server that a staging name may lead to by mistake.</summary>
public sealed class DiagnosisGround : IAsyncLifetime
{
    public const string Name = "diagnosed postgres";

    /// <summary>Of every role that is made here; no answer may hold it.</summary>
    public const string Password = "S3cret-canary:of/a@role?100%#";

    private int _roles;

    internal PostgresCluster Staging { get; private set; } = null!;

    internal PostgresCluster Production { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Staging = await PostgresCluster.Start(new ClusterOptions { Tls = true, Settings = new Dictionary<string, string> { ["max_connections"] = "14", ["log_connections"] = "on" } });
        await Staging.PutHostRules("hostnossl all only_tls 127.0.0.1/32 reject\nhost all kept_out 127.0.0.1/32 reject");
        await Made(Staging, "staging");
        Production = await PostgresCluster.Start();
        await Made(Production, "production");
    }

    public async Task DisposeAsync()
    {
        await Staging.DisposeAsync();
        await Production.DisposeAsync();
    }

    /// <summary>A role that nobody else uses, on the staging server.</summary>
    /// <param name="options">As CREATE ROLE takes them.</param>
    internal async Task<string> Role(string options = "login", PostgresCluster? at = null, string? name = null)
    {
        name ??= $"app{Interlocked.Increment(ref _roles)}";
        await (at ?? Staging).Run($"drop role if exists {name}; create role {name} {options} password '{Password}'");
        return name;
    }

    /// <summary>How often the server says that this role tried to log in.</summary>
    internal int Logins(string role) => File.ReadLines(Staging.LogFile).Count(line =>
        line.Contains($"password authentication failed for user \"{role}\"", StringComparison.Ordinal) || line.Contains($"connection authorized: user={role} ", StringComparison.Ordinal));

    private static async Task Made(PostgresCluster cluster, string environment)
    {
        await cluster.Run("create database shop");
        await cluster.Run($"comment on database shop is 'safetools: environment={environment}'; create role tools login password '{Password}'; create table private (at int)", "shop");
    }
}

[CollectionDefinition(DiagnosisGround.Name)]
public sealed class DiagnosisGroundCollection : ICollectionFixture<DiagnosisGround>;
