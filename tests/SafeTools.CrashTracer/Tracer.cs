using System.Globalization;
using System.Runtime.InteropServices;

namespace SafeTools.CrashTracer;

/// <summary>ptrace(2) over a program of its own with all its threads. Everything happens on one thread, as ptrace demands.</summary>
internal sealed unsafe class Tracer(KillPoint point)
{
    private readonly HashSet<int> _threads = [];

    private const int Syscall = 24;
    private const int GetSyscallInfo = 0x420e;
    private const int Seize = 0x4206;
    private const int Interrupt = 0x4207;
    private const int Listen = 0x4208;
    private const int EventStop = 128;
    private const int Trap = 5;
    private const int Kill = 9;
    private const int AllChildren = 0x40000000;

    /// <summary>PTRACE_O_TRACESYSGOOD, TRACEFORK, TRACEVFORK, TRACECLONE, TRACEEXEC, EXITKILL.</summary>
    private const nint Options = 0x1 | 0x2 | 0x4 | 0x8 | 0x10 | 0x100000;

    /// <returns>The program's exit code; 128 and the signal where one killed it.</returns>
    public int Run(string[] command)
    {
        var process = Spawn(command);
        var ended = Await(process);
        if (ended is not null)
        {
            return ended.Value;
        }

        // Until now it ran untouched: stopping at every call of its start would cost many times the start.
        for (var found = true; found;)
        {
            found = false;
            foreach (var folder in Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/task")))
            {
                var thread = int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture);
                if (_threads.Add(thread))
                {
                    found = true;
                    if (Native.ptrace(Seize, thread, 0, Options) == 0)
                    {
                        _ = Native.ptrace(Interrupt, thread, 0, 0);
                    }
                }
            }
        }

        point.Counts();
        while (true)
        {
            int status;
            var thread = Native.waitpid(-1, &status, AllChildren);
            if (thread < 0)
            {
                throw new InvalidOperationException("The traced program was lost.");
            }

            if ((status & 0x7f) == 0 || (status & 0xff) != 0x7f)
            {
                if (thread == process)
                {
                    return Code(status);
                }

                continue;
            }

            Stopped(process, thread, (status >> 8) & 0xff, status >> 16);
        }
    }

    /// <summary>Waits until counting is to begin; the exit code where the program ended before.</summary>
    private int? Await(int process)
    {
        while (!point.IsArmed)
        {
            int status;
            if (Native.waitpid(process, &status, 1) == process)
            {
                return Code(status);
            }

            _ = Native.poll(0, 0, 2);
        }

        return null;
    }

    private static int Code(int status) => (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f);

    private void Stopped(int process, int thread, int signal, int happened)
    {
        if (signal == (Trap | 0x80))
        {
            if (Strikes(process, thread))
            {
                _ = Native.kill(process, Kill);
            }

            _ = Native.ptrace(Syscall, thread, 0, 0);
        }
        else if (happened == EventStop && signal != Trap)
        {
            _ = Native.ptrace(Listen, thread, 0, 0);
        }
        else
        {
            _ = Native.ptrace(Syscall, thread, 0, happened != 0 ? 0 : signal);
        }
    }

    private bool Strikes(int process, int thread)
    {
        // struct ptrace_syscall_info: op, arch, ip, sp, then number and six arguments on entry (linux/ptrace.h).
        var info = stackalloc ulong[11];
        return Native.ptrace(GetSyscallInfo, thread, 11 * sizeof(ulong), (nint)info) > 0
            && (byte)info[0] == 1
            && point.Strikes(process, (uint)(info[0] >> 32), info[3], new ReadOnlySpan<ulong>(info + 4, 6));
    }

    private static int Spawn(string[] command)
    {
        var environment = File.ReadAllText("/proc/self/environ").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        var code = Native.posix_spawnp(out var process, command[0], 0, 0, [.. command, null], [.. environment, null]);
        return code == 0 ? process : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"posix_spawn: {code}"));
    }

    private static class Native
    {
#pragma warning disable SYSLIB1054, CA2101, IDE1006, SA1300 // Arrays of strings with a null at the end; the kernel's own names.
        [DllImport("libc", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern nint ptrace(nint request, nint thread, nint address, nint data);

        [DllImport("libc")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int waitpid(int process, int* status, int options);

        [DllImport("libc")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int poll(nint files, nuint number, int milliseconds);

        [DllImport("libc")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int kill(int process, int signal);

        [DllImport("libc", CharSet = CharSet.Ansi)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int posix_spawnp(out int process, string file, nint actions, nint attributes, string?[] arguments, string?[] environment);
#pragma warning restore SYSLIB1054, CA2101, IDE1006, SA1300
    }
}
