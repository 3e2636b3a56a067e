using System.Runtime.InteropServices;
using SafeTools.Providers;

namespace SafeTools.Server.Hardening;

/// <summary>Who owns an entry of the file system, and who may write it.</summary>
/// <param name="User">Its owner's number.</param>
/// <param name="Mode">Kind and permission bits, as in stat(2).</param>
internal readonly partial record struct Ownership(uint User, uint Mode)
{
    private const uint KindBits = 0xF000, FolderKind = 0x4000, LinkKind = 0xA000, SocketKind = 0xC000, OthersWrite = 0x12, OthersRead = 0x24, StickyBit = 0x200;

    public const uint Root = 0;

    public bool IsFolder => (Mode & KindBits) == FolderKind;

    public bool IsLink => (Mode & KindBits) == LinkKind;

    public bool IsSocket => (Mode & KindBits) == SocketKind;

    /// <summary>Group or anybody may write. The group's bits are also the most that an access list can give (acl(5), the mask).</summary>
    public bool OthersMayWrite => (Mode & OthersWrite) != 0;

    /// <summary>Group or anybody may read.</summary>
    public bool OthersMayRead => (Mode & OthersRead) != 0;

    /// <summary>In such a folder nobody but its owner removes or renames an entry.</summary>
    public bool IsSticky => (Mode & StickyBit) != 0;

    /// <summary>The number of the user that this process acts as.</summary>
    public static uint OfThisProcess => Calls.EffectiveUser();

    /// <summary>Of the entry itself, a symbolic link not followed; null where there is none.</summary>
    public static unsafe Ownership? Of(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            LinuxCalls.StatxBuffer buffer;
            return LinuxCalls.Statx(LinuxCalls.CurrentFolder, path, LinuxCalls.AtSymlinkNoFollow, LinuxCalls.StatxBasic, &buffer) == 0
                ? new Ownership(buffer.User, buffer.Mode)
                : null;
        }

        // struct stat of 64-bit macOS (sys/stat.h): mode after the device, owner after the inode.
        var raw = stackalloc byte[256];
        var found = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? Calls.Status(path, raw) : Calls.StatusOnIntel(path, raw);
        return found == 0 ? new Ownership(*(uint*)(raw + 16), *(ushort*)(raw + 4)) : null;
    }

    private static unsafe partial class Calls
    {
        [LibraryImport("libc", EntryPoint = "geteuid")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static partial uint EffectiveUser();

        [LibraryImport("libc", EntryPoint = "lstat", StringMarshalling = StringMarshalling.Utf8)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static partial int Status(string path, byte* status);

        [LibraryImport("libc", EntryPoint = "lstat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static partial int StatusOnIntel(string path, byte* status);
    }
}
