using System.Runtime.InteropServices;
using System.Text;

namespace SafeTools.Server.Hardening;

/// <summary>
/// The variables that this process was started with. Once taken they are gone from the process itself, so that children, libraries and
/// whoever reads /proc/PID/environ find only what is named here; proxies and certificate folders of the starter are not followed either.
/// </summary>
internal sealed unsafe partial class StartingEnvironment
{
    private static readonly string[] Kept = ["HOME", "LANG", "TZ", "TMPDIR", "TERM", "NO_COLOR"];
    private static readonly string[] KeptBeginnings = ["LC_", "XDG_", "SAFETOOLS_"];

    private readonly Dictionary<string, string> _values;
    private HashSet<string> _named = [];

    private StartingEnvironment(Dictionary<string, string> values) => _values = values;

    /// <summary>What <see cref="Take"/> took; empty before.</summary>
    public static StartingEnvironment OfThisProcess { get; private set; } = new([]);

    /// <summary>Whether a variable stays in the process.</summary>
    public static bool Keeps(string name) =>
        Kept.Contains(name, StringComparer.Ordinal) || KeptBeginnings.Any(beginning => name.StartsWith(beginning, StringComparison.Ordinal));

    /// <summary>Takes every variable out of the process that it need not have. Called once, early: other threads must not read the environment meanwhile.</summary>
    public static StartingEnvironment Take()
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
#pragma warning disable RS0030 // Not to read them: to clear what nobody named.
        foreach (System.Collections.DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
#pragma warning restore RS0030
        {
            if (entry is { Key: string name, Value: string value } && !Keeps(name))
            {
                values[name] = value;
                System.Environment.SetEnvironmentVariable(name, null);
                Wipe(name);
            }
        }

        return OfThisProcess = new StartingEnvironment(values);
    }

    /// <summary>Forgets all but these: the names that the policy's references use.</summary>
    public void Name(IEnumerable<string> names)
    {
        _named = [.. names];
        foreach (var name in _values.Keys.Where(name => !_named.Contains(name)).ToArray())
        {
            _values.Remove(name);
        }
    }

    /// <summary>The value of a named variable; null for one that was not set, or that nobody named.</summary>
    public string? Get(string name) => _named.Contains(name) ? _values.GetValueOrDefault(name) : null;

    /// <summary>The managed copy is gone; this is the one that the kernel shows and that native code reads. unsetenv alone leaves the text where it was.</summary>
    private static void Wipe(string name)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var bytes = Encoding.UTF8.GetBytes(name + "\0");
        fixed (byte* text = bytes)
        {
            for (var value = ValueOf(text); value is not null && *value != 0; value++)
            {
                *value = 0;
            }

            _ = Unset(text);
        }
    }

    [LibraryImport("libc", EntryPoint = "getenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial byte* ValueOf(byte* name);

    [LibraryImport("libc", EntryPoint = "unsetenv")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unset(byte* name);
}
