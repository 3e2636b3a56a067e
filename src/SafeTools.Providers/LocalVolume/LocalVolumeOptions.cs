namespace SafeTools.Providers.LocalVolume;

/// <summary>Bounds, and what tests replace to reach states that a real disk rarely shows.</summary>
internal sealed record LocalVolumeOptions(TimeProvider Clock)
{
    /// <summary>Never used up by a copy: this many bytes, or <see cref="ReserveShare"/> of the file system, whichever is more.</summary>
    public long ReserveBytes { get; init; } = 256L * 1024 * 1024;

    public double ReserveShare { get; init; } = 0.05;

    /// <summary>Entries that one look at a tree visits.</summary>
    public int MostEntries { get; init; } = 1_000_000;

    /// <summary>Bytes of recovery points that one preview reads again to verify them.</summary>
    public long MostVerifiedBytes { get; init; } = 2L * 1024 * 1024 * 1024;

    /// <summary>Free and total bytes of the file system that holds a configured folder.</summary>
    public Func<string, (long Free, long Total)> Space { get; init; } = static folder =>
    {
        var drive = new DriveInfo(folder);
        return (drive.AvailableFreeSpace, drive.TotalSize);
    };

    /// <summary>Called between the steps of an execution.</summary>
    public Action<Moment>? Reached { get; init; }

    /// <summary>Why so many bytes may not be written there, or null.</summary>
    public Refusal? NoRoomFor(long bytes, string folder)
    {
        var (free, total) = Space(folder);
        var reserve = Math.Max(ReserveBytes, (long)(total * ReserveShare));
        return free - bytes >= reserve
            ? null
            : RefusalCatalog.NotEnoughSpace.Because($"The copy needs {bytes} bytes; {free} are free and {reserve} of them are a reserve that is never used.");
    }
}

/// <summary>The steps between which the world may change.</summary>
internal enum Moment
{
    BeforeMove,
    Copying,
    Copied,
    Moved,
}
