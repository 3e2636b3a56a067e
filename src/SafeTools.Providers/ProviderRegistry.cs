namespace SafeTools.Providers;

/// <summary>Every provider of this build, one line each.</summary>
internal static class ProviderRegistry
{
    public static IReadOnlyList<IProvider> Create(TimeProvider clock) =>
    [
        new LocalVolume.LocalVolumeProvider(clock),
        new Sqlite.SqliteProvider(clock),
    ];
}
