namespace SafeTools.Providers.LocalVolume;

/// <summary>Which recovery points a volume has, and what they are worth.</summary>
internal static class RecoveryPoints
{
    /// <summary>Looked at.</summary>
    private const int Most = 1000;

    /// <summary>Listed, and read again to verify them: of the snapshots, and of what lies inside the volume.</summary>
    public const int MostListed = 20;

    private static readonly string[] InsideFolders = ["backups", ".snapshots"];

    /// <param name="scene">The resource.</param>
    /// <param name="volume">The volume's name.</param>
    /// <param name="folder">Exactly the folder that they should protect: in its place, or in quarantine.</param>
    /// <param name="survey">What that folder holds now.</param>
    public static (IReadOnlyList<RecoveryPoint> Listed, int Others) Of(Scene scene, string volume, OpenFolder folder, TreeSurvey survey)
    {
        if (scene.Backups is not { } backups)
            return ([], 0);
        var (identity, isolation) = (folder.Status().Identity.ToString(), Isolation.Of(scene.Root, backups));
        var mostBytes = scene.Options.MostVerifiedBytes;
        var points = new List<RecoveryPoint>();
        var manifests = Snapshot.Manifests(scene, volume, identity, Most);
        foreach (var id in manifests.Take(MostListed).Select(manifest => manifest.Id))
        {
            scene.CancellationToken.ThrowIfCancellationRequested();
            using var snapshot = Snapshot.Open(scene, volume, id);
            if (snapshot is null)
                continue;
            var manifest = snapshot.Manifest;
            // A copy of what had the name before brings back none of what has it now.
            var why = manifest.Identity != identity
                ? "of another folder that had this name"
                : snapshot.WhyNotVerified(scene, ref mostBytes, out _) ?? WhyImplausible(manifest, survey, scene.Options.Clock.GetUtcNow());
            points.Add(new RecoveryPoint
            {
                Id = manifest.Id,
                Made = manifest.Made,
                Place = why is null ? "backups folder" : $"backups folder ({why})",
                Maker = manifest.Maker,
                Bytes = manifest.Bytes,
                Checksum = $"sha256:{manifest.Checksum}",
                Intact = why is null,
                Isolated = isolation.Isolated,
                IsolationReason = isolation.Reason,
            });
        }
        return (points, Math.Max(0, manifests.Count - MostListed));
    }

    /// <summary>Backups that would go with the volume: what lies in a folder inside it that is called as backups are. The newest, and how many there are.</summary>
    public static (IReadOnlyList<RecoveryPoint> Listed, int Count) Inside(OpenFolder volume)
    {
        var points = new List<RecoveryPoint>();
        foreach (var name in InsideFolders)
        {
            using var folder = volume.Folder(name);
            foreach (var entry in folder?.Names(Most) ?? [])
            {
                if (folder!.Status(entry) is not { } status)
                    continue;
                points.Add(new RecoveryPoint
                {
                    Id = $"{name}/{Shown(entry)}",
                    Made = status.ModifiedAt,
                    Place = "inside the volume",
                    Maker = "unknown",
                    Bytes = status.Kind == FileKind.File ? status.Size : 0,
                    Intact = false,
                    Isolated = false,
                    IsolationReason = "inside the volume: lost with it",
                });
            }
        }
        return ([.. points.OrderByDescending(point => point.Made).ThenBy(point => point.Id, StringComparer.Ordinal).Take(MostListed)], points.Count);
    }

    /// <summary>Whoever writes the volume chose the name: one with spaces or line ends in it could read like a fact.</summary>
    private static string Shown(EntryName entry) => VolumeName.IsSafe(entry.ToString()) ? entry.ToString() : "(oddly named entry)";

    /// <summary>A recovery point much smaller than what it should bring back is no reason to feel safe.</summary>
    private static string? WhyImplausible(SnapshotManifest manifest, TreeSurvey survey, DateTimeOffset now)
    {
        if (manifest.Made > now.AddMinutes(5))
            return "implausible: made in the future";
        if (survey.Cut is not null)
            return "not compared: the volume could not be measured whole";
        return manifest.Bytes * 2 < survey.Bytes || manifest.Files * 2 < survey.Files
            ? "implausible: under half of what the volume holds now"
            : null;
    }
}
