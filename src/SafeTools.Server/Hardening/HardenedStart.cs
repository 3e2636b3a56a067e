using System.Runtime.InteropServices;

namespace SafeTools.Server.Hardening;

/// <summary>
/// What a serving process gives up before it holds anything worth stealing: core dumps, being traced, the runtime's diagnostic endpoints, and
/// the environment that nobody named. Done inside the process, so that it holds however it was started and costs no second start.
/// </summary>
internal static unsafe partial class HardenedStart
{
    /// <summary>Variables that make the runtime write memory or calls to disk, or let others into the process, before any code of ours runs.</summary>
    private static readonly string[] Openings =
    [
        "DbgEnableMiniDump", "DiagnosticPorts", "EnableEventPipe", "STARTUP_HOOKS", "ENABLE_PROFILING",
    ];

    private static readonly string[] Streams = ["input", "output", "error"];

    /// <summary>Once for a process, whoever comes first.</summary>
    private static readonly Lazy<string?> Done = new(Harden);

    private static readonly Lazy<string?> Closed = new(Close);

    /// <summary>prctl(2), PR_SET_DUMPABLE.</summary>
    private const int SetDumpable = 4;

    /// <summary>getrlimit(2), RLIMIT_CORE; the same number on Linux and macOS.</summary>
    private const int CoreSize = 4;

    /// <summary>fcntl(2), F_GETFD.</summary>
    private const int DescriptorFlags = 1;

    /// <summary>Hardens this process. Null: done; else why it must not serve, in words for a person.</summary>
    public static string? Apply() => Done.Value;

    /// <summary>
    /// What any verb gives up that may hold a credential or a passphrase for a moment: dumps, being traced, the diagnostic endpoints. Its environment
    /// stays, and whoever started it. Null: done; else why it must not go on.
    /// </summary>
    public static string? CloseMemory() => Closed.Value;

    private static string? Harden()
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        if (ClosedStream() is { } closed)
        {
            return $"Standard {closed} is closed. Start it with all three streams open; what nobody uses may be /dev/null.";
        }

        if (CloseMemory() is { } open)
        {
            return open;
        }

        StartingEnvironment.Take();
        return null;
    }

    private static string? Close()
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        if (Opening() is { } opening)
        {
            return $"The variable {opening} lets others look into this process or writes its memory to disk. Start it without that variable.";
        }

        var none = default(Limit);
        if (SetLimit(CoreSize, &none) != 0 || (OperatingSystem.IsLinux() && Process(SetDumpable, 0, 0, 0, 0) != 0))
        {
            return "Core dumps of this process cannot be turned off here, and one would hold what it keeps secret. The system's limits must allow it.";
        }

        DiagnosticEndpoints.Remove();
        return null;
    }

    /// <summary>A stream that was closed at the start: nothing is there, or something that this process has opened itself, which alone is closed on exec.</summary>
    private static string? ClosedStream() =>
        Streams.Where((_, number) => DescriptorOf(number, DescriptorFlags) != 0).FirstOrDefault();

    private static string? Opening() => Openings
        .SelectMany(name => new[] { $"DOTNET_{name}", $"COMPlus_{name}", $"CORECLR_{name}" })
        .FirstOrDefault(name => System.Environment.GetEnvironmentVariable(name) is { Length: > 0 } value && value != "0");

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Current;
        public ulong Most;
    }

    [LibraryImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetLimit(int resource, Limit* limit);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Process(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int DescriptorOf(int descriptor, int command);
}
