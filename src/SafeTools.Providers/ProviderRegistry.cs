namespace SafeTools.Providers;

/// <summary>Every provider of this build, one line each.</summary>
internal static class ProviderRegistry
{
    public static IReadOnlyList<IProvider> Create(TimeProvider clock, ISecrets secrets) =>
    [
        new LocalVolume.LocalVolumeProvider(clock),
        new Postgres.PostgresProvider(clock, secrets),
        new Sqlite.SqliteProvider(clock),
    ];
}
