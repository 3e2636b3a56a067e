using System.Runtime.Versioning;
using Npgsql;
using SafeTools.Clusters;
using SafeTools.Providers.Postgres;
using SafeTools.Server.Secrets;
using SafeTools.Tests.Contracts;

namespace SafeTools.Tests.Providers.Postgres.Rotation;

/// <summary>One application with its database, its slots, its .env file and a provider that rotates its password.</summary>
[UnsupportedOSPlatform("windows")]
internal sealed class RotatedShop : RotatedCredential
{
    public const string FirstPassword = "first: p@ss/word?#%20";
    public const string ReaderPassword = "reader-of-a-throwaway-cluster";
    public const string RotatorPassword = "rotator-of-a-throwaway-cluster";

    private readonly string _folder = Directory.CreateTempSubdirectory("safetools-rotation-").FullName;
    private readonly Resource _resource;
    private PostgresProvider _provider;

    public RotatedShop(PostgresCluster cluster, int number, bool twoSlots, string grace)
    {
        (Cluster, Database, TwoSlots) = (cluster, $"r{number}", twoSlots);
        Grace = Quantity.Time(grace)!.Value;
        (Owner, RoleA, RoleB, Rotator, Service) = ($"own{number}", $"app{number}_a", $"app{number}_b", $"rot{number}", $"shop{number}");
        SinkFile = Path.Combine(_folder, "app.env");
        Secrets = new FaultySecrets(new PlacedSecrets(Path.Combine(_folder, "state"), Clock));
        Secrets.Fixed[$"secret://env/ROTATOR{number}"] = cluster.Url(Rotator, RotatorPassword, Database);
        Secrets.Fixed["secret://env/READER"] = cluster.Url("reader", ReaderPassword, Database);
        _provider = new PostgresProvider(Clock, Secrets);
        var settings = new Dictionary<string, string>
        {
            ["connection"] = "secret://env/READER",
            ["application"] = $"secret://envfile{SinkFile}#DATABASE_URL",
            ["rotator"] = $"secret://env/ROTATOR{number}",
            ["service"] = Service,
            ["slots"] = twoSlots ? "two" : "single",
            ["grace"] = grace,
            ["valid_for"] = "2d",
        };
        _resource = new Resource("shop-db", "postgres", "staging", new SettingValues(settings));
    }

    public PostgresCluster Cluster { get; }

    public string Database { get; }

    public string Owner { get; }

    public string RoleA { get; }

    public string RoleB { get; }

    public string Rotator { get; }

    public string Service { get; }

    public bool TwoSlots { get; }

    public string SinkFile { get; }

    public string State => Path.Combine(_folder, "state");

    public MovedClock Clock { get; } = new();

    public override FaultySecrets Secrets { get; }

    public override IProvider Provider => _provider;

    public override Resource Resource => _resource;

    public override string Operation => "postgres.rotate_credential";

    public override TimeSpan Grace { get; }

    public override IReadOnlyList<string> Folders => [State];

    public override IReadOnlyList<string> NeverShown => [RotatorPassword, ReaderPassword];

    public override DateTimeOffset Now => Clock.GetUtcNow();

    public string RotatorUrl
    {
        set => Secrets.Fixed[Resource.Settings.Text("rotator")] = value;
    }

    /// <summary>What the application's .env file names.</summary>
    public override string Sink
    {
        get => File.ReadAllLines(SinkFile).Single(line => line.StartsWith("DATABASE_URL=", StringComparison.Ordinal))["DATABASE_URL=".Length..];
        set
        {
            File.WriteAllText(SinkFile, $"# The shop's own.\nOTHER=1\nDATABASE_URL={value}\n");
            File.SetUnixFileMode(SinkFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    public string SinkUser => Target(Sink).User;

    public string SinkPassword => Target(Sink).Password!.Reveal();

    public string Script() => RotationScript.Of(RotationRequest.Of(Service, Owner, TwoSlots ? [RoleA, RoleB] : [RoleA], Rotator, Database, out _)!);

    /// <summary>As superuser.</summary>
    public Task<string> Run(string sql) => Cluster.Run(sql, Database);

    public override IProvider Restart() => _provider = new PostgresProvider(Clock, Secrets);

    public override void Advance(TimeSpan time) => Clock.Advance(time);

    public override string SecretPart(string sink) => Target(sink).Password!.Reveal();

    /// <summary>Whether somebody with this connection string gets in and can work.</summary>
    public override async Task<bool> Works(string url)
    {
        var target = Target(url);
        try
        {
            await using var connection = await Cluster.Open(target.User, target.Password!.Reveal(), target.Database);
            await using var command = new NpgsqlCommand("select count(*) from shop.orders", connection);
            return await command.ExecuteScalarAsync() is 2L;
        }
        catch (PostgresException fault) when (fault.SqlState is "28P01" or "28000")
        {
            return false;
        }
    }

    public Task<NpgsqlConnection> Open(string url) => Cluster.Open(Target(url).User, Target(url).Password!.Reveal(), Target(url).Database);

    /// <summary>slot|version|usable, a line each.</summary>
    public Task<string> Slots() => Run("select s.slot, s.version, a.rolcanlogin and a.rolpassword is not null from safetools_rotation.slots s join pg_authid a on a.rolname = s.role order by slot");

    public override async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        await Cluster.Run($"DROP DATABASE {Database} WITH (FORCE)");
        Directory.Delete(_folder, recursive: true);
    }

    private static ConnectionTarget Target(string url) => ConnectionText.Parse(new Secret(url), out var fault) ?? throw new InvalidOperationException(fault);
}
