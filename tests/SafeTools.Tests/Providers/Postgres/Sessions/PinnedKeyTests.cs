using SafeTools.Clusters;
using SafeTools.Providers.Postgres;
using SafeTools.Tests.Providers.Postgres.Support;

namespace SafeTools.Tests.Providers.Postgres.Sessions;

/// <summary>A pinned TLS key holds whatever the connection string says, and on every connection.</summary>
public sealed class PinnedKeyTests : IAsyncLifetime
{
    private PostgresCluster _cluster = null!;
    private Stripping _stripping = null!;

    public async Task InitializeAsync()
    {
        _cluster = await PostgresCluster.Start(new ClusterOptions { Tls = true });
        await _cluster.Run("create database shop");
        await _cluster.Run("comment on database shop is 'safetools: environment=staging'");
        _stripping = new Stripping(_cluster.Port);
    }

    public async Task DisposeAsync()
    {
        _stripping.Dispose();
        await _cluster.DisposeAsync();
    }

    [Theory]
    [InlineData("?sslmode=disable")]
    [InlineData("?sslmode=allow")]
    [InlineData("?sslmode=prefer")]
    [InlineData("?sslmode=require")]
    [InlineData("")]
    public async Task Ask_WherePinnedAndTlsIsStripped_IsRefusedWithoutAWordInTheClear(string options)
    {
        await using var served = Served(options, Pin());
        (await served.Ask("select 1")).Should().BeOfType<Execution.Done>();

        _stripping.Strip();
        foreach (var _ in Enumerable.Range(0, 6))
        {
            // What was opened before, with TLS, may still serve.
            await served.Ask("select 1");
        }

        (await served.Ask("select 1")).Should().BeOfType<Execution.Failed>();
        _stripping.Plain.Should().Be(0);
    }

    [Fact]
    public async Task Ask_OfAnotherKey_NamesThePin()
    {
        await using var served = Served("?sslmode=prefer", "sha256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");

        (await served.Refused("select 1")).Code.Should().Be(RefusalCatalog.NotThePinnedServer);
    }

    [Fact]
    public async Task Attest_StrippedAfterATlsConnection_SaysThatItIsNotEncrypted()
    {
        await using var source = new EndpointSource(
            ConnectionText.Parse(new Secret(Url("?sslmode=prefer")), out _)!, new Endpoint("127.0.0.1", _stripping.Port), connectPatience: 5, commandPatience: 0, cancelPatience: 1000);
        var (first, key) = await source.Connect(CancellationToken.None);
        await first.DisposeAsync();
        key.Should().Be(Pin());

        _stripping.Strip();
        var (second, none) = await source.Connect(CancellationToken.None);
        await second.DisposeAsync();
        none.Should().BeNull();
    }

    private string Pin() => $"sha256:{Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(_cluster.Certificate!.PublicKey.ExportSubjectPublicKeyInfo()))}";

    private string Url(string options) => $"postgres://{PostgresCluster.Superuser}:{PostgresCluster.Password}@127.0.0.1:{_stripping.Port}/shop{options}";

    private Served Served(string options, string pin) =>
        new(Url(options), new Layers { Attestation = false }, identity: new Dictionary<string, string> { ["tls_key"] = pin });
}
