using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SafeTools.Providers;

/// <summary>
/// The system calls that path-based APIs cannot replace: they name an entry inside an open folder, so no component of a path can be swapped
/// in between. Numbers from the kernel's uapi headers; open(2), statx(2), rename(2), unlink(2), utimensat(2).
/// </summary>
internal static unsafe partial class LinuxCalls
{
    public const int Create = 0x40, Exclusive = 0x80, WriteOnly = 1, NoControllingTerminal = 0x100, NonBlocking = 0x800, CloseOnExec = 0x80000, PathOnly = 0x200000;
    public const int CurrentFolder = -100, AtEmptyPath = 0x1000, AtSymlinkNoFollow = 0x100, AtRemoveFolder = 0x200, LockExclusiveNow = 6;
    public const uint StatxBasic = 0x7ff, StatxBorn = 0x800, StatxMount = 0x1000, RenameNoReplace = 1, RenameExchange = 2;
    public const int NoEntry = 2, NotPermitted = 1, AccessDenied = 13, Exists = 17, NotAFolder = 20, NoSpace = 28, TooManyLinks = 40, NotEmpty = 39, Quota = 122, Invalid = 22, WouldBlock = 11;

    private static readonly bool Arm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>Flag values below differ between architectures; only these two were checked.</summary>
    public static bool Supported =>
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    public static int Folder => Arm ? 0x4000 : 0x10000;

    public static int NoFollow => Arm ? 0x8000 : 0x20000;

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    public static partial int OpenAt(SafeHandle folder, byte* name, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(nint descriptor);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    public static partial int Statx(SafeHandle folder, byte* name, int flags, uint mask, StatxBuffer* buffer);

    /// <summary>For a path that is not opened: with <see cref="CurrentFolder"/>.</summary>
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Statx(int folder, string path, int flags, uint mask, StatxBuffer* buffer);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true)]
    public static partial int RenameAt(SafeHandle from, byte* name, SafeHandle to, byte* newName, uint flags);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    public static partial int MakeFolderAt(SafeHandle folder, byte* name, uint mode);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    public static partial int UnlinkAt(SafeHandle folder, byte* name, int flags);

    [LibraryImport("libc", EntryPoint = "symlinkat", SetLastError = true)]
    public static partial int SymlinkAt(byte* target, SafeHandle folder, byte* name);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    public static partial nint ReadLinkAt(SafeHandle folder, byte* name, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(SafeHandle file);

    /// <summary>Writes out the whole file system that holds the handle; one call instead of an fsync for each of many files. syncfs(2).</summary>
    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    public static partial int SyncFileSystem(SafeHandle file);

    /// <summary>An advisory lock that the kernel drops when its holder dies. flock(2).</summary>
    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(SafeHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    public static partial int ChangeMode(SafeHandle file, uint mode);

    [LibraryImport("libc", EntryPoint = "fchownat", SetLastError = true)]
    public static partial int ChangeOwnerAt(SafeHandle folder, byte* name, uint user, uint group, int flags);

    /// <param name="times">Access and modification time: seconds and nanoseconds each.</param>
    [LibraryImport("libc", EntryPoint = "utimensat", SetLastError = true)]
    public static partial int SetTimesAt(SafeHandle folder, byte* name, long* times, int flags);

    [LibraryImport("libc", EntryPoint = "fdopendir", SetLastError = true)]
    public static partial nint OpenStream(int descriptor);

    [LibraryImport("libc", EntryPoint = "readdir", SetLastError = true)]
    public static partial byte* ReadStream(nint stream);

    [LibraryImport("libc", EntryPoint = "closedir")]
    public static partial int CloseStream(nint stream);

    /// <summary>struct statx, the same on every architecture; statx(2).</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct StatxBuffer
    {
        [FieldOffset(0)] public uint Mask;
        [FieldOffset(8)] public ulong Attributes;
        [FieldOffset(20)] public uint User;
        [FieldOffset(24)] public uint Group;
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(40)] public ulong Size;
        [FieldOffset(80)] public long BornSeconds;
        [FieldOffset(88)] public uint BornNanoseconds;
        [FieldOffset(96)] public long ChangedSeconds;
        [FieldOffset(104)] public uint ChangedNanoseconds;
        [FieldOffset(112)] public long ModifiedSeconds;
        [FieldOffset(120)] public uint ModifiedNanoseconds;
        [FieldOffset(136)] public uint DeviceMajor;
        [FieldOffset(140)] public uint DeviceMinor;
        [FieldOffset(144)] public ulong Mount;
    }
}

/// <summary>A system call failed; the number says how. Its text goes to the log, never to an agent.</summary>
internal sealed class SystemCallException(string call, int error) : IOException($"{call} failed with error {error}")
{
    public int Error { get; } = error;
}
