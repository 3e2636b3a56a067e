namespace SafeTools.Tests.Providers.Postgres.Support;

/// <summary>One empty database for a class of tests that only read.</summary>
public sealed class EmptyDatabase : IAsyncLifetime
{
    internal Database Database { get; private set; } = null!;

    public async Task InitializeAsync() => Database = await Database.New();

    public async Task DisposeAsync() => await Database.DisposeAsync();
}
