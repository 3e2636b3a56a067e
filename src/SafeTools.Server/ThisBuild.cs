namespace SafeTools.Server;

/// <summary>What this build is called.</summary>
internal static class ThisBuild
{
    public static string Version { get; } = typeof(ThisBuild).Assembly.GetName().Version is { } version ? version.ToString(3) : "0.0.0";
}
