namespace SafeTools.Providers.LocalVolume;

/// <summary>Lets what a quarantine entry holds and what has the volume's name change places; either may be nothing.</summary>
internal static class Places
{
    /// <summary>
    /// True where exactly the two named things changed places; false where something else was found and everything is as it was;
    /// null where neither can be said.
    /// </summary>
    public static bool? Swap(Scene scene, QuarantineEntry entry, FileIdentity? current, FileIdentity? held)
    {
        var (root, name) = (scene.Root, entry.Meta.Volume);
        if (root.Status(name)?.Identity != current || entry.Held?.Identity != held || !Move(root, name, entry, current, held))
            return false;
        scene.Reach(Moment.Moved);
        if (root.Status(name)?.Identity == held && entry.Held?.Identity == current)
        {
            root.Sync();
            entry.Folder.Sync();
            return true;
        }
        // Names were moved, and somebody had changed what they name. The same move back leaves things as they were found.
        return Move(root, name, entry, held, current) && root.Status(name)?.Identity != held && entry.Held?.Identity == held ? false : null;
    }

    private static bool Move(OpenFolder root, string name, QuarantineEntry entry, FileIdentity? current, FileIdentity? held)
    {
        if (current is not null && held is not null)
            return root.TryExchange(name, entry.Folder, QuarantineEntry.Data);
        return held is not null
            ? entry.Folder.TryMove(QuarantineEntry.Data, root, name)
            : root.TryMove(name, entry.Folder, QuarantineEntry.Data);
    }
}
