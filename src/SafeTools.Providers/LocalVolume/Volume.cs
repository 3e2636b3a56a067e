using System.Diagnostics.CodeAnalysis;

namespace SafeTools.Providers.LocalVolume;

/// <summary>A volume that was resolved and is held open: a plain folder directly under the root, on the root's own mount.</summary>
internal sealed record Volume(string Name, OpenFolder Folder, FileStatus Status) : IDisposable
{
    public void Dispose() => Folder.Dispose();

    /// <summary>Refuses what is not there and what is no plain folder.</summary>
    public static bool TryOpen(OpenFolder root, string name, [NotNullWhen(true)] out Volume? volume, [NotNullWhen(false)] out Refusal? refused)
    {
        volume = null;
        if (!VolumeName.IsSafe(name))
            refused = VolumeName.Refused("volume's name");
        else if (root.Status(name) is not { } status)
            refused = RefusalCatalog.NoSuchItem.Because($"There is no volume \"{name}\".");
        else if (!IsPlain(status, root.Status()) || root.Folder(name) is not { } folder)
            refused = RefusalCatalog.NotAVolume.Because($"\"{name}\" is a link, a file or another file system, not a plain folder.");
        else
        {
            refused = null;
            volume = new Volume(name, folder, folder.Status());
            if (IsPlain(volume.Status, root.Status()))
                return true;
            volume.Dispose();
            volume = null;
            refused = RefusalCatalog.NotAVolume.Because($"\"{name}\" is another file system, not a plain folder.");
        }
        return false;
    }

    public static bool IsPlain(FileStatus entry, FileStatus root) => entry.Kind == FileKind.Folder && entry.IsOnTheMountOf(root);
}
