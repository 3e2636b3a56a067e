using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SafeTools.Providers.LocalVolume;

/// <summary>
/// An open folder. Everything is done to single names inside it and never follows a symbolic link, so whoever swaps a path while we work
/// changes nothing about where we work.
/// </summary>
internal sealed unsafe class OpenFolder : SafeHandleZeroOrMinusOneIsInvalid
{
    private const int DirentName = 19;

    private OpenFolder(int descriptor)
        : base(ownsHandle: true) => SetHandle(descriptor);

    /// <summary>A configured folder: the one place where a path, links included, is resolved. Null where there is none.</summary>
    public static OpenFolder? At(string path)
    {
        var descriptor = LinuxCalls.Open(path, LinuxCalls.Folder | LinuxCalls.CloseOnExec, 0);
        return descriptor >= 0 ? new OpenFolder(descriptor) : Absent("open");
    }

    /// <summary>A configured file, links resolved; null where there is none, or where it is no plain file.</summary>
    public static SafeFileHandle? FileAt(string path)
    {
        var descriptor = LinuxCalls.Open(path, LinuxCalls.CloseOnExec | LinuxCalls.NonBlocking | LinuxCalls.NoControllingTerminal, 0);
        return descriptor < 0 ? null : Plain(new SafeFileHandle(descriptor, ownsHandle: true));
    }

    /// <summary>A folder inside this one; null where there is none, or where the name is not a plain folder.</summary>
    public OpenFolder? Folder(EntryName name)
    {
        fixed (byte* text = name.Terminated)
        {
            var descriptor = LinuxCalls.OpenAt(this, text, LinuxCalls.Folder | LinuxCalls.NoFollow | LinuxCalls.CloseOnExec, 0);
            return descriptor >= 0 ? new OpenFolder(descriptor) : Absent("openat");
        }
    }

    /// <summary>A folder inside this one, made with mode 0700 where it is missing.</summary>
    public OpenFolder MakeOrOpen(EntryName name)
    {
        if (!TryMake(name))
            return Folder(name) ?? throw new SystemCallException("openat", LinuxCalls.NotAFolder);
        Sync();
        return Folder(name) ?? throw new SystemCallException("openat", LinuxCalls.NoEntry);
    }

    /// <summary>Makes a folder with mode 0700; false where the name is taken.</summary>
    public bool TryMake(EntryName name)
    {
        fixed (byte* text = name.Terminated)
            return LinuxCalls.MakeFolderAt(this, text, 0x1C0) == 0 || (Marshal.GetLastPInvokeError() == LinuxCalls.Exists ? false : throw Fault("mkdirat"));
    }

    /// <summary>A plain file for reading; null where there is none, or where the name is no plain file.</summary>
    public SafeFileHandle? File(EntryName name)
    {
        fixed (byte* text = name.Terminated)
        {
            // A pipe put in the file's place would block the open for ever.
            var flags = LinuxCalls.NoFollow | LinuxCalls.CloseOnExec | LinuxCalls.NonBlocking | LinuxCalls.NoControllingTerminal;
            var descriptor = LinuxCalls.OpenAt(this, text, flags, 0);
            if (descriptor < 0)
                return Marshal.GetLastPInvokeError() is LinuxCalls.NoEntry or LinuxCalls.TooManyLinks ? null : throw Fault("openat");
            return Plain(new SafeFileHandle(descriptor, ownsHandle: true));
        }
    }

    /// <summary>A new file with mode 0600; fails where the name is taken.</summary>
    public SafeFileHandle NewFile(EntryName name)
    {
        fixed (byte* text = name.Terminated)
        {
            var flags = LinuxCalls.Create | LinuxCalls.Exclusive | LinuxCalls.WriteOnly | LinuxCalls.NoFollow | LinuxCalls.CloseOnExec;
            var descriptor = LinuxCalls.OpenAt(this, text, flags, 0x180);
            return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw Fault("openat");
        }
    }

    /// <summary>The entry itself, a link unfollowed; null where there is none.</summary>
    public FileStatus? Status(EntryName name)
    {
        fixed (byte* text = name.Terminated)
        {
            LinuxCalls.StatxBuffer buffer;
            if (LinuxCalls.Statx(this, text, LinuxCalls.AtSymlinkNoFollow, LinuxCalls.StatxBasic | LinuxCalls.StatxBorn | LinuxCalls.StatxMount, &buffer) == 0)
                return FileStatus.From(buffer);
            return Marshal.GetLastPInvokeError() == LinuxCalls.NoEntry ? null : throw Fault("statx");
        }
    }

    public FileStatus Status() => StatusOf(this);

    public static FileStatus StatusOf(SafeHandle open)
    {
        byte empty = 0;
        LinuxCalls.StatxBuffer buffer;
        return LinuxCalls.Statx(open, &empty, LinuxCalls.AtEmptyPath, LinuxCalls.StatxBasic | LinuxCalls.StatxBorn | LinuxCalls.StatxMount, &buffer) == 0
            ? FileStatus.From(buffer)
            : throw Fault("statx");
    }

    /// <summary>Every name but <c>.</c> and <c>..</c>, in no order; at most <paramref name="most"/>.</summary>
    public List<EntryName> Names(int most = int.MaxValue)
    {
        var names = new List<EntryName>();
        // A stream of its own: reading it must not move this handle's position.
        byte* here = stackalloc byte[] { (byte)'.', 0 };
        var descriptor = LinuxCalls.OpenAt(this, here, LinuxCalls.Folder | LinuxCalls.CloseOnExec, 0);
        if (descriptor < 0)
            throw Fault("openat");
        var stream = LinuxCalls.OpenStream(descriptor);
        if (stream == 0)
        {
            var fault = Fault("fdopendir");
            _ = LinuxCalls.Close(descriptor);
            throw fault;
        }
        try
        {
            while (names.Count < most)
            {
                Marshal.SetLastSystemError(0);
                var entry = LinuxCalls.ReadStream(stream);
                if (entry is null)
                    return Marshal.GetLastPInvokeError() == 0 ? names : throw Fault("readdir");
                var name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + DirentName);
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                    names.Add(EntryName.Of(name));
            }
            return names;
        }
        finally
        {
            _ = LinuxCalls.CloseStream(stream);
        }
    }

    /// <summary>Moves an entry in one step; false where the new name is taken or the old one is gone. Nothing is ever replaced.</summary>
    public bool TryMove(EntryName name, OpenFolder to, EntryName newName)
    {
        fixed (byte* from = name.Terminated, into = newName.Terminated)
            return LinuxCalls.RenameAt(this, from, to, into, LinuxCalls.RenameNoReplace) == 0
                || (Marshal.GetLastPInvokeError() is LinuxCalls.Exists or LinuxCalls.NotEmpty or LinuxCalls.NoEntry ? false : throw Fault("renameat2"));
    }

    /// <summary>Two entries change places in one step; false where one of them is gone.</summary>
    public bool TryExchange(EntryName name, OpenFolder with, EntryName otherName)
    {
        fixed (byte* one = name.Terminated, other = otherName.Terminated)
            return LinuxCalls.RenameAt(this, one, with, other, LinuxCalls.RenameExchange) == 0
                || (Marshal.GetLastPInvokeError() == LinuxCalls.NoEntry ? false : throw Fault("renameat2"));
    }

    public void RemoveFile(EntryName name) => Remove(name, 0);

    public void RemoveFolder(EntryName name) => Remove(name, LinuxCalls.AtRemoveFolder);

    public byte[] LinkTarget(EntryName name)
    {
        var buffer = new byte[4096];
        fixed (byte* text = name.Terminated, target = buffer)
        {
            var length = LinuxCalls.ReadLinkAt(this, text, target, (nuint)buffer.Length);
            return length >= 0 && length < buffer.Length ? buffer[..(int)length] : throw Fault("readlinkat");
        }
    }

    public void MakeLink(EntryName name, byte[] target)
    {
        fixed (byte* text = name.Terminated, to = (byte[])[.. target, 0])
            Check(LinuxCalls.SymlinkAt(to, this, text), "symlinkat");
    }

    /// <summary>Gives an entry of this folder the owner of another one, where the server may.</summary>
    public void CopyOwner(EntryName name, FileStatus from)
    {
        fixed (byte* text = name.Terminated)
        {
            if (LinuxCalls.ChangeOwnerAt(this, text, from.User, from.Group, LinuxCalls.AtSymlinkNoFollow) != 0
                && Marshal.GetLastPInvokeError() is not (LinuxCalls.NotPermitted or LinuxCalls.Invalid))
                throw Fault("fchownat");
        }
    }

    /// <summary>Gives an entry of this folder the modification time of another one, as its access time too.</summary>
    public void CopyTimes(EntryName name, FileStatus from)
    {
        var times = stackalloc long[] { from.Modified.Seconds, from.Modified.Nanoseconds, from.Modified.Seconds, from.Modified.Nanoseconds };
        fixed (byte* text = name.Terminated)
            Check(LinuxCalls.SetTimesAt(this, text, times, LinuxCalls.AtSymlinkNoFollow), "utimensat");
    }

    public static void SetMode(SafeHandle open, uint mode) => Check(LinuxCalls.ChangeMode(open, mode), "fchmod");

    public static void SyncFile(SafeHandle open) => Check(LinuxCalls.Sync(open), "fsync");

    /// <summary>Makes names in this folder durable.</summary>
    public void Sync() => SyncFile(this);

    /// <summary>Everything written to this file system so far becomes durable.</summary>
    public void SyncFileSystem() => Check(LinuxCalls.SyncFileSystem(this), "syncfs");

    /// <summary>Takes the folder for this handle alone until it is closed; false where another process or call has it.</summary>
    public bool TryLock() =>
        LinuxCalls.Lock(this, LinuxCalls.LockExclusiveNow) == 0 || (Marshal.GetLastPInvokeError() == LinuxCalls.WouldBlock ? false : throw Fault("flock"));

    /// <summary>The folder that holds this one.</summary>
    public OpenFolder Parent() => Folder("..") ?? throw new SystemCallException("openat", LinuxCalls.NoEntry);

    protected override bool ReleaseHandle() => LinuxCalls.Close(handle) == 0;

    private static SafeFileHandle? Plain(SafeFileHandle file)
    {
        if (StatusOf(file).Kind == FileKind.File)
            return file;
        file.Dispose();
        return null;
    }

    private void Remove(EntryName name, int flags)
    {
        fixed (byte* text = name.Terminated)
            Check(LinuxCalls.UnlinkAt(this, text, flags), "unlinkat");
    }

    private static OpenFolder? Absent(string call) =>
        Marshal.GetLastPInvokeError() is LinuxCalls.NoEntry or LinuxCalls.NotAFolder or LinuxCalls.TooManyLinks ? null : throw Fault(call);

    private static void Check(int result, string call)
    {
        if (result != 0)
            throw Fault(call);
    }

    private static SystemCallException Fault(string call) => new(call, Marshal.GetLastPInvokeError());
}
