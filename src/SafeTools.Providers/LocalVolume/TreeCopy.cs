using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace SafeTools.Providers.LocalVolume;

/// <summary>
/// Reads a tree once, and writes it elsewhere where there is a target: modes, owners (where the server may), modification times and
/// symbolic links as links. The checksum is SHA-256 over the entries sorted by name bytes: kind, path, mode, link target, size and content.
/// </summary>
internal sealed class TreeCopy(Deadline deadline, Func<Refusal?> noRoom, Action<long>? progress, CancellationToken cancellationToken) : IDisposable
{
    private const int RoomCheckedEvery = 32 * 1024 * 1024;

    private readonly IncrementalHash _tree = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[1024 * 1024];
    private FileStatus _root;
    private long _roomChecked;

    public long Files { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>Of all that was read; whole only when <see cref="Run"/> answered null.</summary>
    public string Checksum => Convert.ToHexStringLower(_tree.GetCurrentHash());

    public void Dispose() => _tree.Dispose();

    /// <summary>Only reads, for the checksum.</summary>
    public Refusal? Run(OpenFolder source) => Run(source, null, default);

    /// <summary>Copies the content of <paramref name="source"/> into a new folder of <paramref name="parent"/>.</summary>
    public Refusal? Run(OpenFolder source, OpenFolder? parent, EntryName name)
    {
        _root = source.Status();
        return Folder(source, _root, [], 0, parent, name);
    }

    private Refusal? Folder(OpenFolder source, FileStatus status, byte[] path, int depth, OpenFolder? parent, EntryName name)
    {
        if (depth > TreeSurvey.Deepest)
            return RefusalCatalog.NotAVolume.Because($"The tree is nested deeper than {TreeSurvey.Deepest} folders.");
        if (parent is not null && !parent.TryMake(name))
            return RefusalCatalog.NameTaken.Because("The place of the copy is taken.");
        using var target = parent?.Folder(name);
        Add('d', path, status.Mode, []);
        var names = source.Names();
        names.Sort();
        foreach (var entry in names)
        {
            if (Entry(source, entry, [.. path, .. path.Length > 0 ? "/"u8 : [], .. entry.Bytes], depth, target) is { } refused)
                return refused;
        }
        if (parent is not null && target is not null)
        {
            parent.CopyOwner(name, status);
            OpenFolder.SetMode(target, status.Mode);
            parent.CopyTimes(name, status);
        }
        return null;
    }

    private Refusal? Entry(OpenFolder source, EntryName name, byte[] path, int depth, OpenFolder? target)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (deadline.Passed)
            return RefusalCatalog.TimedOut.Because("Reading the tree took longer than the time limit.");
        return source.Status(name) switch
        {
            { Kind: FileKind.Folder } status when status.IsOnTheMountOf(_root) => SubFolder(source, name, status, path, depth, target),
            { Kind: FileKind.File } status => File(source, name, status, path, target),
            { Kind: FileKind.Link } status => Link(source, name, status, path, target),
            null => Changed,
            _ => RefusalCatalog.NotAVolume.Because("The tree holds a device, pipe, socket or another file system, which no copy can hold."),
        };
    }

    private Refusal? SubFolder(OpenFolder source, EntryName name, FileStatus status, byte[] path, int depth, OpenFolder? target)
    {
        using var child = source.Folder(name);
        return child is not null && child.Status().Identity == status.Identity ? Folder(child, status, path, depth + 1, target, name) : Changed;
    }

    private Refusal? Link(OpenFolder source, EntryName name, FileStatus status, byte[] path, OpenFolder? target)
    {
        var to = source.LinkTarget(name);
        Add('l', path, 0, to);
        Files++;
        target?.MakeLink(name, to);
        target?.CopyOwner(name, status);
        target?.CopyTimes(name, status);
        return null;
    }

    private Refusal? File(OpenFolder source, EntryName name, FileStatus status, byte[] path, OpenFolder? target)
    {
        using var file = source.File(name);
        if (file is null || OpenFolder.StatusOf(file) is var before && (before.Identity != status.Identity || before.Mount != _root.Mount))
            return Changed;
        using var copy = target?.NewFile(name);
        using var content = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (Content(file, copy, content, before.Size) is { } refused)
            return refused;
        var after = OpenFolder.StatusOf(file);
        if (after.Size != before.Size || after.Modified != before.Modified || after.Changed != before.Changed)
            return Changed;
        Add('f', path, before.Mode, content.GetHashAndReset(), before.Size);
        Files++;
        if (target is null || copy is null)
            return null;
        target.CopyOwner(name, before);
        OpenFolder.SetMode(copy, before.Mode);
        target.CopyTimes(name, before);
        return null;
    }

    private Refusal? Content(SafeFileHandle file, SafeFileHandle? copy, IncrementalHash content, long size)
    {
        long offset = 0;
        for (int read; (read = RandomAccess.Read(file, _buffer, offset)) > 0; offset += read)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (deadline.Passed)
                return RefusalCatalog.TimedOut.Because("Reading the tree took longer than the time limit.");
            if (offset + read > size)
                return Changed;
            content.AppendData(_buffer, 0, read);
            if (copy is not null)
                RandomAccess.Write(copy, _buffer.AsSpan(0, read), offset);
            Bytes += read;
            progress?.Invoke(Bytes);
            if (copy is not null && Bytes - _roomChecked >= RoomCheckedEvery)
            {
                _roomChecked = Bytes;
                if (noRoom() is { } refused)
                    return refused;
            }
        }
        return offset == size ? null : Changed;
    }

    private static Refusal Changed => RefusalCatalog.ChangedWhileReading.Because("Something inside changed while it was read; the copy would mix two states.");

    /// <summary>Every part has its length before it, so that two different trees never read the same.</summary>
    private void Add(char kind, byte[] path, uint mode, byte[] rest, long size = 0)
    {
        Span<byte> head = stackalloc byte[1 + 4 + 4 + 8 + 4];
        head[0] = (byte)kind;
        BinaryPrimitives.WriteInt32LittleEndian(head[1..], path.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[5..], mode);
        BinaryPrimitives.WriteInt64LittleEndian(head[9..], size);
        BinaryPrimitives.WriteInt32LittleEndian(head[17..], rest.Length);
        _tree.AppendData(head);
        _tree.AppendData(path);
        _tree.AppendData(rest);
    }
}
