using System.Security.Cryptography;
using System.Text;

namespace SafeTools.Server.Serving;

/// <summary>Where configuration and state are. State is the user's, never a workspace's: what an agent may edit is not what the server believes.</summary>
/// <param name="Configuration">Absolute path of safetools.yaml.</param>
/// <param name="State">Absolute path of the state folder.</param>
internal sealed record Locations(string Configuration, string State)
{
    public string BaseFolder => Path.GetDirectoryName(Configuration)!;

    public string Keys => Path.Combine(State, "keys");

    public string Servers => Path.Combine(State, "servers");

    /// <summary><c>--config</c>, else $SAFETOOLS_CONFIG, else ./safetools.yaml, else the user's configuration folder.</summary>
    /// <param name="state"><c>--state</c>; else a folder of its own for this configuration under the user's state folder.</param>
    public static Locations Resolve(string? config, string? state)
    {
        var home = System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile);
        var path = Path.GetFullPath(config ?? Variable("SAFETOOLS_CONFIG") ?? Standard(home));
        return new Locations(path, Path.GetFullPath(state ?? Path.Combine(StateRoot, NameFor(path))));
    }

    /// <summary>The stores that this user has where state is kept unless <c>--state</c> says otherwise.</summary>
    public static IEnumerable<string> StateFolders => Directory.Exists(StateRoot) ? Directory.EnumerateDirectories(StateRoot).Order(StringComparer.Ordinal) : [];

    private static string StateRoot => Path.Combine(
        Variable("XDG_STATE_HOME") ?? Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".local", "state"),
        "safetools");

    /// <summary>Why these locations must not be used together; null when they may.</summary>
    public string? Fault =>
        Within(State, BaseFolder)
            ? "The state folder lies inside the folder of safetools.yaml, which agents may edit. Choose another --state, or leave it out."
            : null;

    private static string Standard(string home)
    {
        var here = Path.GetFullPath(PolicySource.ConfigurationName);
        return File.Exists(here) ? here : Path.Combine(Variable("XDG_CONFIG_HOME") ?? Path.Combine(home, ".config"), "safetools", PolicySource.ConfigurationName);
    }

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
