using SafeTools.Clusters;

namespace SafeTools.Tests.Support;

/// <summary>One PostgreSQL for a class of tests.</summary>
public sealed class ClusterFixture : IAsyncLifetime
{
    public PostgresCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync() => Cluster = await PostgresCluster.Start();

    public async Task DisposeAsync() => await Cluster.DisposeAsync();
}
