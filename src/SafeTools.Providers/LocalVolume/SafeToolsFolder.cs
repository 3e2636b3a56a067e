namespace SafeTools.Providers.LocalVolume;

/// <summary>The provider's own folder on the volumes' device, so that moving into it is one rename: <c>.safetools</c> under the root, mode 0700.</summary>
internal static class SafeToolsFolder
{
    public const string Name = ".safetools", QuarantineName = "quarantine", StagingName = "staging", PurgingName = "purging";

    /// <summary>Null where nobody has needed it yet.</summary>
    public static OpenFolder? Find(OpenFolder root, string part)
    {
        using var own = root.Folder(Name);
        return own?.Folder(part);
    }

    public static OpenFolder Make(OpenFolder root, string part)
    {
        using var own = root.MakeOrOpen(Name);
        var folder = own.MakeOrOpen(part);
        if (folder.Status().IsOnTheMountOf(root.Status()))
            return folder;
        folder.Dispose();
        throw new SystemCallException("openat", LinuxCalls.NotAFolder);
    }

    /// <summary>The quarantine's entries that hold something, newest first.</summary>
    public static List<(QuarantineMeta Meta, FileStatus Held)> Entries(OpenFolder root, int most)
    {
        using var quarantine = Find(root, QuarantineName);
        var entries = new List<(QuarantineMeta Meta, FileStatus Held)>();
        foreach (var name in quarantine?.Names(most) ?? [])
        {
            using var entry = QuarantineEntry.Open(quarantine!, name.ToString());
            if (entry?.Held is { } held)
                entries.Add((entry.Meta, held));
        }
        return [.. entries.OrderByDescending(entry => entry.Meta.Made)];
    }
}
