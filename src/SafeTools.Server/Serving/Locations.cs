using System.Security.Cryptography;
using System.Text;

namespace SafeTools.Server.Serving;

/// <summary>Where configuration and state are. State is the user's, never a workspace's: what an agent may edit is not what the server believes.</summary>
/// <param name="Configuration">Absolute path of safetools.yaml.</param>
/// <param name="State">Absolute path of the state folder.</param>
internal sealed record Locations(string Configuration, string State)
{
    /// <summary>What to say where <see cref="Configuration"/> is empty.</summary>
    public const string NoConfigurationFolder = "This user has no home folder (HOME is not set), so nobody knows where safetools.yaml is. Name it with --config, and the state folder with --state.";

    public string BaseFolder => Path.GetDirectoryName(Configuration)!;

    public string Keys => Path.Combine(State, "keys");

    public string Servers => Path.Combine(State, "servers");

    /// <summary><c>--config</c>, else $SAFETOOLS_CONFIG, else ./safetools.yaml, else the user's configuration folder.</summary>
    /// <param name="state"><c>--state</c>; else a folder of its own for this configuration under the user's state folder.</param>
    public static Locations Resolve(string? config, string? state)
    {
        var path = Full(config ?? Variable("SAFETOOLS_CONFIG") ?? Here ?? Standard);
        return new Locations(path ?? "", Full(state ?? (path is null || StateRoot is null ? null : Path.Combine(StateRoot, NameFor(path)))) ?? "");
    }

    /// <summary>The stores that this user has where state is kept unless <c>--state</c> says otherwise.</summary>
    public static IEnumerable<string> StateFolders => Directory.Exists(StateRoot) ? Directory.EnumerateDirectories(StateRoot).Order(StringComparer.Ordinal) : [];

    /// <summary>The configuration in the user's configuration folder; null where that user has no home folder.</summary>
    public static string? Standard => Under(Variable("XDG_CONFIG_HOME"), ".config") is { } folder ? Path.Combine(folder, "safetools", PolicySource.ConfigurationName) : null;

    private static string? StateRoot => Under(Variable("XDG_STATE_HOME"), Path.Combine(".local", "state")) is { } folder ? Path.Combine(folder, "safetools") : null;

    /// <summary>Why these locations must not be used together; null when they may.</summary>
    public string? Fault =>
        Configuration.Length == 0 ? NoConfigurationFolder
        : State.Length == 0 ? "This user has no home folder (HOME is not set), so nobody knows where state is kept. Name a folder with --state."
        : Within(State, BaseFolder)
            ? "The state folder lies inside the folder of safetools.yaml, which agents may edit. Choose another --state, or leave it out."
            : null;

    private static string? Here => File.Exists(Path.GetFullPath(PolicySource.ConfigurationName)) ? PolicySource.ConfigurationName : null;

    /// <summary>A home that does not exist yet is one all the same: else its state would be looked for under the root of the file system.</summary>
    private static string? Under(string? chosen, string usual)
    {
        var home = System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile, System.Environment.SpecialFolderOption.DoNotVerify);
        // .NET answers the root of the file system for a user of whom nobody knows a home.
        var none = home.Length == 0 || (home == "/" && Variable("HOME") is null);
        return chosen ?? (none ? null : Path.Combine(home, usual));
    }

    private static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);

    /// <summary>One folder for each configuration file, recognisable to people.</summary>
    private static string NameFor(string configuration)
    {
        var folder = new string([.. Path.GetFileName(Path.GetDirectoryName(configuration) ?? "").Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')]);
        return $"{(folder.Length == 0 ? "root" : folder)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(configuration)))[..8]}";
    }

    /// <summary>The same folder counts as within; a folder whose name begins with two dots is no way up.</summary>
    public static bool Within(string inner, string outer)
    {
        var way = Path.GetRelativePath(outer, inner);
        return !Path.IsPathRooted(way) && way.Split(Path.DirectorySeparatorChar)[0] != "..";
    }

    private static string? Variable(string name) => System.Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
