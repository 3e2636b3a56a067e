namespace SafeTools.Providers.LocalVolume;

/// <summary>Whether recovery points survive the deletion of a volume; compared by identity upwards through real folders, so links and second names change nothing.</summary>
internal sealed record Isolation(bool Isolated, string Reason)
{
    private const int MostAncestors = 256;

    public static Isolation Of(OpenFolder root, OpenFolder backups)
    {
        if (IsInside(backups, root))
            return new Isolation(false, "the backups folder lies inside the folder of the volumes");
        if (IsInside(root, backups))
            return new Isolation(false, "the folder of the volumes lies inside the backups folder");
        return root.Status().Identity.Device == backups.Status().Identity.Device
            ? new Isolation(true, "outside the volumes, on the same device: it survives a deletion, not a disk failure")
            : new Isolation(true, "outside the volumes, on another device");
    }

    /// <summary>The same folder counts as inside.</summary>
    public static bool IsInside(OpenFolder inner, OpenFolder outer)
    {
        var (sought, at) = (outer.Status(), inner.Status());
        if (SameFolder(at, sought))
            return true;
        var folder = inner.Parent();
        try
        {
            for (var level = 0; level < MostAncestors; level++)
            {
                var above = folder.Status();
                if (SameFolder(above, sought))
                    return true;
                if (above.Identity == at.Identity && above.Mount == at.Mount)
                    return false;
                at = above;
                var next = folder.Parent();
                folder.Dispose();
                folder = next;
            }
            return true;
        }
        finally
        {
            folder.Dispose();
        }
    }

    private static bool SameFolder(FileStatus one, FileStatus other) => one.Identity == other.Identity;
}
