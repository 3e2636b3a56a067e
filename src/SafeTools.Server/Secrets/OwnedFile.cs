using Microsoft.Win32.SafeHandles;
using SafeTools.Providers.LocalVolume;
using SafeTools.Server.Hardening;

namespace SafeTools.Server.Secrets;

/// <summary>What came of reading a file that holds a secret: a plain file, no symbolic link, open to its owner alone.</summary>
/// <param name="Bytes">The whole of it; null where there is a fault.</param>
/// <param name="Owner">Who owns it, where anybody can say.</param>
internal sealed record OwnedFile(byte[]? Bytes, FileFault Fault, Ownership? Owner = null)
{
    /// <param name="path">Absolute.</param>
    /// <param name="most">In bytes; what is larger is not read.</param>
    /// <param name="rootMayOwn">Whether a file of root's will do: who runs the machine may hand a secret to this user.</param>
    public static OwnedFile Read(string path, int most, bool rootMayOwn)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                // There is no mode there: the file inherits the access list of its folder.
                return File.Exists(path) ? Take(File.OpenHandle(path), most, owner: null) : new OwnedFile(null, FileFault.Absent);
            }

            if (Ownership.Of(path) is not { } named)
            {
                return new OwnedFile(null, FileFault.Absent);
            }

            if (named.IsLink)
            {
                return new OwnedFile(null, FileFault.Link);
            }

            if (!OperatingSystem.IsLinux())
            {
                return Judge(named, rootMayOwn) is var open and not FileFault.None ? new OwnedFile(null, open, named) : Take(File.OpenHandle(path), most, named);
            }

            // What was opened is judged, not what the path named a moment ago.
            using var folder = OpenFolder.At(Path.GetDirectoryName(path)!);
            using var file = folder?.File(Path.GetFileName(path));
            if (file is null)
            {
                return new OwnedFile(null, FileFault.NotPlain);
            }

            var status = OpenFolder.StatusOf(file);
            var owner = new Ownership(status.User, status.Mode);
            return Judge(owner, rootMayOwn) is var fault and not FileFault.None ? new OwnedFile(null, fault, owner) : Take(file, most, owner);
        }
        catch (FileNotFoundException)
        {
            return new OwnedFile(null, FileFault.Absent);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return new OwnedFile(null, FileFault.Unreadable);
        }
    }

    private static FileFault Judge(Ownership found, bool rootMayOwn) =>
        found.User != Ownership.OfThisProcess && !(rootMayOwn && found.User == Ownership.Root) ? FileFault.ForeignOwner
        : found.OthersMayRead || found.OthersMayWrite ? FileFault.OpenToOthers
        : FileFault.None;

    private static OwnedFile Take(SafeFileHandle file, int most, Ownership? owner)
    {
        using (file)
        {
            // Room for what is there, not for all that might be: the store is read for each use.
            return SmallFile.Bytes(file, (int)Math.Min(most, RandomAccess.GetLength(file) + 1)) is { } bytes ? new OwnedFile(bytes, FileFault.None, owner) : new OwnedFile(null, FileFault.TooLarge, owner);
        }
    }
}
