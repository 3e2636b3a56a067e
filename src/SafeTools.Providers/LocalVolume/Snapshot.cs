namespace SafeTools.Providers.LocalVolume;

/// <summary>One whole recovery point in the backups folder, held open: <c>VOLUME/ID/{manifest.json,data/}</c>.</summary>
internal sealed record Snapshot(SnapshotManifest Manifest, OpenFolder Data, FileStatus Status) : IDisposable
{
    public const string DataFolder = "data", Partial = ".partial";

    public void Dispose() => Data.Dispose();

    /// <summary>Null unless there is a folder of that name with a manifest that fits it, made through the scene's resource.</summary>
    public static Snapshot? Open(Scene scene, string volume, string id) =>
        id.EndsWith(Partial, StringComparison.Ordinal) ? null : Open(scene, volume, id, id);

    /// <summary>The same of one that was set aside.</summary>
    public static Snapshot? OpenAside(Scene scene, string volume, string id) => Open(scene, volume, id, DiscardSnapshot.Aside(id));

    /// <summary>All of a volume's name: those of the folder <paramref name="identity"/> first, each newest first.</summary>
    public static IReadOnlyList<SnapshotManifest> Manifests(Scene scene, string volume, string identity, int most)
    {
        using var own = VolumeName.IsSafe(volume) ? scene.Backups?.Folder(volume) : null;
        var found = new List<SnapshotManifest>();
        foreach (var name in own?.Names(most) ?? [])
        {
            scene.CancellationToken.ThrowIfCancellationRequested();
            using var snapshot = Open(scene, volume, name.ToString());
            if (snapshot is not null)
                found.Add(snapshot.Manifest);
        }
        // What is in quarantine may have older ones than the volume that has its name now, and none newer can be made of it.
        return [.. found.OrderBy(point => point.Identity == identity ? 0 : 1).ThenByDescending(point => point.Made).ThenBy(point => point.Id, StringComparer.Ordinal)];
    }

    private static Snapshot? Open(Scene scene, string volume, string id, EntryName name)
    {
        if (!VolumeName.IsSafe(volume) || !VolumeName.IsSafe(id))
            return null;
        using var own = scene.Backups?.Folder(volume);
        using var folder = own?.Folder(name);
        return folder is not null && SnapshotManifest.From(SmallFile.Read(folder, SnapshotManifest.File), id, scene.Request.Resource.Name, volume) is { } manifest
            && folder.Folder(DataFolder) is { } data
            ? new Snapshot(manifest, data, folder.Status())
            : null;
    }

    /// <summary>Reads everything again unless this process has; null where the content matches, else why it does not or cannot be said to.</summary>
    /// <param name="scene">Bounds the reading.</param>
    /// <param name="mostBytes">Bytes that may be read; what was read is taken off.</param>
    /// <param name="damaged">The content does not match, as opposed to not having been read.</param>
    public string? WhyNotVerified(Scene scene, ref long mostBytes, out bool damaged)
    {
        damaged = false;
        var survey = TreeSurvey.Of(Data, scene.Options.MostEntries, scene.Deadline, scene.CancellationToken);
        if (survey.Cut is { } cut)
            return $"not verified: {cut}";
        damaged = true;
        if (survey.Uncopyable is not null || survey.Bytes < Manifest.Bytes || survey.Files != Manifest.Files)
            return "damaged: files or bytes are missing";
        if (scene.Verified.Checksum(survey.Signature) is not { } checksum)
        {
            damaged = false;
            if (survey.Bytes > mostBytes)
                return "not verified: too large to be read again for a preview";
            mostBytes -= survey.Bytes;
            using var reading = new TreeCopy(scene.Deadline, static () => null, null, scene.CancellationToken);
            if (reading.Run(Data) is not null)
                return "not verified: it could not be read in time";
            checksum = reading.Checksum;
            scene.Verified.Remember(survey.Signature, checksum);
            damaged = true;
        }
        if (checksum != Manifest.Checksum)
            return "damaged: the content does not match its checksum";
        damaged = false;
        return null;
    }
}
