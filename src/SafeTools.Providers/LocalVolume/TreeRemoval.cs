namespace SafeTools.Providers.LocalVolume;

/// <summary>Removes a tree for good, name by name inside open folders: a link is removed and never followed, a mount is never entered.</summary>
internal static class TreeRemoval
{
    public static void Run(OpenFolder parent, EntryName name)
    {
        if (parent.Status(name) is { } status)
            Remove(parent, name, status, parent.Status());
    }

    private static void Remove(OpenFolder parent, EntryName name, FileStatus status, FileStatus root)
    {
        if (status.Kind != FileKind.Folder)
        {
            parent.RemoveFile(name);
            return;
        }
        using (var folder = parent.Folder(name) ?? throw new SystemCallException("openat", LinuxCalls.NotAFolder))
        {
            var opened = folder.Status();
            if (opened.Identity != status.Identity || opened.Mount != root.Mount || opened.Identity.Device != root.Identity.Device)
                throw new SystemCallException("openat", LinuxCalls.AccessDenied);
            // A folder without write permission keeps its entries from being removed.
            if ((opened.Mode & 0x1C0) != 0x1C0)
                OpenFolder.SetMode(folder, 0x1C0);
            foreach (var entry in folder.Names())
            {
                if (folder.Status(entry) is { } child)
                    Remove(folder, entry, child, root);
            }
        }
        parent.RemoveFolder(name);
    }
}
