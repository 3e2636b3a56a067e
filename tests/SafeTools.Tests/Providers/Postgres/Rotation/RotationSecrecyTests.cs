using System.Runtime.Versioning;
using Npgsql;
using SafeTools.Tests.Contracts;

namespace SafeTools.Tests.Providers.Postgres.Rotation;

/// <summary>A server that writes down everything it is sent never has a password of ours to write down.</summary>
[UnsupportedOSPlatform("windows")]
[Collection(RotationCluster.Name)]
public sealed class RotationSecrecyTests(RotationCluster ground)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rotate_OnAServerThatLogsEverything_LeavesNoPasswordThere(bool twoSlots)
    {
        await using var shop = await ground.Shop(twoSlots);
        await using var watch = await shop.Cluster.Open(database: shop.Database);
        await using var everything = new NpgsqlCommand("select coalesce(string_agg(query, E'\\n'), '') from pg_stat_activity where pid <> pg_backend_pid()", watch);
        // What an application's administrator typed is no doing of ours; what came after it is.
        var begin = new FileInfo(shop.Cluster.LogFile).Length;
        await shop.Cluster.Run("select pg_stat_statements_reset()");
        var (passwords, seen) = (new List<string>(), "");
        shop.Secrets.OnRemembered = shop.Secrets.OnWritten = () => seen += everything.ExecuteScalar() as string;
        for (var turn = 0; turn < 2; turn++)
        {
            var done = await shop.Rotate();
            passwords.Add(shop.SinkPassword);
            await shop.Works(shop.Sink);
            if (turn == 1)
                RotatedCredential.Done(await shop.Call(shop.Undo(done)));
            await shop.Pass(TimeSpan.FromHours(2.1));
            await shop.Pass(TimeSpan.FromHours(2.1));
        }

        passwords.Should().OnlyHaveUniqueItems().And.HaveCount(2);
        var log = (await File.ReadAllBytesAsync(shop.Cluster.LogFile))[(int)begin..];
        var text = System.Text.Encoding.UTF8.GetString(log);
        text.Should().Contain("set_verifier").And.Contain("SCRAM-SHA-256$4096", "the log does hold what is sent");
        var statistics = await shop.Cluster.Run("select string_agg(query, E'\\n') from pg_stat_statements");
        statistics.Should().Contain("set_verifier");
        seen.Should().Contain("set_verifier");
        var catalogue = await shop.Run("select string_agg(s::text, E'\\n') from safetools_rotation.slots s; select string_agg(l::text, E'\\n') from safetools_rotation.log l; select string_agg(a::text, E'\\n') from pg_authid a");
        foreach (var password in passwords)
            $"{text}\n{statistics}\n{seen}\n{catalogue}".Should().NotContain(password);
    }
}
