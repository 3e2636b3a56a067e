using System.Globalization;

namespace SafeTools.Providers;

internal enum FileKind
{
    Folder,
    File,
    Link,

    /// <summary>A device, pipe or socket.</summary>
    Special,
}

/// <summary>What statx(2) says about one entry.</summary>
/// <param name="Kind">What it is; a symbolic link is never followed.</param>
/// <param name="Mode">Permission bits only.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Modified">Seconds and nanoseconds since 1970.</param>
/// <param name="Changed">The kernel's own clock for content and attributes; nobody can set it.</param>
/// <param name="Identity">Device, inode and birth.</param>
/// <param name="Mount">The mount it is on.</param>
/// <param name="IsMountPoint">Another file system begins here.</param>
internal readonly record struct FileStatus(
    FileKind Kind,
    uint Mode,
    uint User,
    uint Group,
    long Size,
    (long Seconds, uint Nanoseconds) Modified,
    (long Seconds, uint Nanoseconds) Changed,
    FileIdentity Identity,
    ulong Mount,
    bool IsMountPoint)
{
    private const ulong MountRoot = 0x2000;

    public static FileStatus From(in LinuxCalls.StatxBuffer buffer) => new(
        (buffer.Mode & 0xF000) switch
        {
            0x4000 => FileKind.Folder,
            0x8000 => FileKind.File,
            0xA000 => FileKind.Link,
            _ => FileKind.Special,
        },
        buffer.Mode & 0xFFFu,
        buffer.User,
        buffer.Group,
        (long)buffer.Size,
        (buffer.ModifiedSeconds, buffer.ModifiedNanoseconds),
        (buffer.ChangedSeconds, buffer.ChangedNanoseconds),
        new FileIdentity(
            $"{buffer.DeviceMajor.ToString(CultureInfo.InvariantCulture)}.{buffer.DeviceMinor.ToString(CultureInfo.InvariantCulture)}",
            buffer.Inode,
            (buffer.Mask & LinuxCalls.StatxBorn) == 0 ? null : (buffer.BornSeconds, buffer.BornNanoseconds)),
        buffer.Mount,
        (buffer.Attributes & MountRoot) != 0);

    /// <summary>What a path leads to, without opening it; its last part is not followed. Null where there is nothing, or where nobody can say.</summary>
    public static unsafe FileStatus? At(string path)
    {
        LinuxCalls.StatxBuffer buffer;
        return LinuxCalls.Statx(LinuxCalls.CurrentFolder, path, LinuxCalls.AtSymlinkNoFollow, LinuxCalls.StatxBasic | LinuxCalls.StatxBorn | LinuxCalls.StatxMount, &buffer) == 0
            ? From(buffer)
            : null;
    }

    public DateTimeOffset ModifiedAt => Instant(Modified);

    /// <summary>Whether the entry can be part of a tree that begins at <paramref name="root"/>: same device, same mount.</summary>
    public bool IsOnTheMountOf(FileStatus root) => !IsMountPoint && Mount == root.Mount && Identity.Device == root.Identity.Device;

    /// <summary>Times outside what .NET can hold are shown as the nearest that it can.</summary>
    public static DateTimeOffset Instant((long Seconds, uint Nanoseconds) time) =>
        DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(time.Seconds, DateTimeOffset.MinValue.ToUnixTimeSeconds(), DateTimeOffset.MaxValue.ToUnixTimeSeconds() - 1))
            .AddTicks(time.Nanoseconds / 100);
}

/// <summary>What tells a folder from another one put in its place: an inode number can be used again, its birth time cannot.</summary>
internal readonly record struct FileIdentity(string Device, ulong Inode, (long Seconds, uint Nanoseconds)? Born)
{
    public override string ToString() => Born is { } born
        ? string.Create(CultureInfo.InvariantCulture, $"{Device}:{Inode}:{born.Seconds}.{born.Nanoseconds:D9}")
        : string.Create(CultureInfo.InvariantCulture, $"{Device}:{Inode}");
}
