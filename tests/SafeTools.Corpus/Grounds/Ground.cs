using System.Globalization;
using SafeTools.Clusters;
using SafeTools.Corpus.Credentials;
using SafeTools.Providers.Postgres;

namespace SafeTools.Corpus.Grounds;

/// <summary>
/// The servers that the corpus attacks: a primary and its standby on the ports that statements name, with the shop in a database called corp.
/// A kept copy of both brings everything back after an attack that did something, whatever it did.
/// </summary>
internal sealed class Ground : IAsyncDisposable
{
    public const int PrimaryPort = 46440;
    public const int StandbyPort = 46441;
    public const string Database = "corp";

    /// <summary>As the statements were first run, and quiet: whatever is written or connected during an entry comes from the entry.</summary>
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["wal_level"] = "logical",
        ["max_prepared_transactions"] = "5",
        ["shared_preload_libraries"] = "pg_stat_statements",
        ["shared_buffers"] = "64MB",
        ["wal_keep_size"] = "256MB",
        ["max_slot_wal_keep_size"] = "256MB",
        ["log_min_messages"] = "warning",
        ["log_connections"] = "on",
        ["autovacuum"] = "off",
        ["checkpoint_timeout"] = "1h",
        ["max_wal_size"] = "4GB",
    };

    private Ground(PostgresCluster primary, PostgresCluster standby, string systemIdentifier) => (Primary, Standby, SystemIdentifier) = (primary, standby, systemIdentifier);

    public PostgresCluster Primary { get; }

    public PostgresCluster Standby { get; }

    public string SystemIdentifier { get; }

    public PostgresCluster At(Place place) => place switch
    {
        Place.Primary => Primary,
        Place.Standby => Standby,
    };

    /// <summary>Columns that nobody may read through the tool.</summary>
    public static IReadOnlyList<string> Masked { get; } = ["shop.customers.card", "shop.tenants.secret"];

    /// <param name="scripts">The folder of setup.sql.</param>
    public static async Task<Ground> Make(string scripts, CancellationToken cancellationToken)
    {
        var primary = await PostgresCluster.Start(new ClusterOptions { Port = PrimaryPort, Settings = Settings }, cancellationToken);
        try
        {
            await primary.Run($"create extension pg_walinspect; create database {Database}", cancellationToken: cancellationToken);
            await primary.RunFile(Path.Combine(scripts, "setup.sql"), Database, cancellationToken);
            await primary.Run($"comment on database {Database} is '{EnvironmentMarker.Prefix}staging'", cancellationToken: cancellationToken);
            var identifier = await primary.SystemIdentifier(cancellationToken);
            var standby = await primary.Standby(new ClusterOptions { Port = StandbyPort }, cancellationToken);
            await primary.Keep(cancellationToken);
            await standby.Keep(cancellationToken);
            return new Ground(primary, standby, identifier);
        }
        catch
        {
            await primary.DisposeAsync();
            throw;
        }
    }

    /// <summary>Both servers as they were made, hardened if the credential is to be, with a prepared transaction of the role's that waits for its end. Every session ends.</summary>
    public async Task Renew(Credential credential, CancellationToken cancellationToken)
    {
        await Task.WhenAll(Primary.Restore(cancellationToken), Standby.Restore(cancellationToken));
        await Primary.Resume(cancellationToken);
        await Standby.Resume(cancellationToken);
        if (credential.Hardened)
        {
            await Primary.Run(Hardening(), Database, cancellationToken);
        }

        await Primary.Run($"set session authorization {credential.Role}; begin; prepare transaction 'victim'", Database, cancellationToken);
        await CaughtUp(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Standby.DisposeAsync();
        await Primary.DisposeAsync();
    }

    /// <summary>What <c>safetools init postgres</c> prints for the select-only role.</summary>
    private static string Hardening() =>
        RoleScript.Of(RoleRequest.Of("c_ro", database: null, ["shop", "public"], "staging", Masked, out var fault) ?? throw new InvalidOperationException(fault));

    /// <summary>Waits until the standby has all that the primary wrote so far.</summary>
    private async Task CaughtUp(CancellationToken cancellationToken)
    {
        var written = await Primary.Run("select pg_current_wal_lsn()", cancellationToken: cancellationToken);
        var until = string.Create(CultureInfo.InvariantCulture, $"select pg_last_wal_replay_lsn() >= '{written}'::pg_lsn");
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await Standby.Run(until, cancellationToken: patience.Token) != "t")
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }
}
