using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace SafeTools.Providers.LocalVolume;

/// <summary>Copies a volume into the backups folder, reads the copy again, and only then gives it the name of a recovery point.</summary>
internal sealed class SnapshotVolume : VolumeOperation
{
    public const string Name = "localvolume.snapshot";

    public override Operation Declaration { get; } = new()
    {
        Name = Name,
        Summary = "Makes a recovery point of a volume in the backups folder.",
        Floor = Effect.Reversible,
        Undo = DiscardSnapshot.Name,
        MakesRecoveryPoint = true,
        Parameters = [TheVolume],
        Limits = Limits.Default with { Time = TimeSpan.FromHours(1) },
    };

    public override Resolved Resolve(Scene scene)
    {
        if (scene.Backups is not { } backups)
            return NoBackups;
        return Isolation.Of(scene.Root, backups) is { Isolated: false } isolation
            ? RefusalCatalog.RecoveryPointMissing.Because($"A snapshot would protect nothing: {isolation.Reason}.")
            : ResolveVolume(scene);
    }

    public override Previewed Look(Scene scene, Target target)
    {
        var facts = VolumeFacts.Of(scene, target.Name, target.Volume!.Folder);
        if (WhyNot(scene, facts.Survey) is { } refused)
            return refused;
        return new Preview
        {
            Summary = $"Copies the volume {target.Name} into the backups folder.",
            Item = target.Item,
            Environment = target.Environment,
            Fingerprint = target.Fingerprint,
            Facts = facts.Facts,
            RecoveryPoints = facts.RecoveryPoints,
            UndoNote = "The new recovery point can be set aside again.",
        };
    }

    public override Execution Act(Scene scene, Target target, Ticket ticket, IProgress<ProviderProgress> progress)
    {
        using var points = scene.Backups!.MakeOrOpen(target.Name);
        if (!points.TryLock())
            return Failed(RefusalCatalog.ResourceUnavailable.Because("Another snapshot of this volume is being made."));
        // Whoever made these is dead: it would hold the lock.
        foreach (var left in points.Names().Where(name => name.ToString().EndsWith(Snapshot.Partial, StringComparison.Ordinal)))
            TreeRemoval.Run(points, left);
        EntryName partial = ticket.ActionId + Snapshot.Partial;
        var named = false;
        try
        {
            if (!TryFill(scene, target, ticket, points, partial, progress, out var manifest, out var refused))
                return Failed(refused);
            scene.CancellationToken.ThrowIfCancellationRequested();
            named = points.TryMove(partial, points, ticket.ActionId);
            points.Sync();
            return named ? Finished(manifest) : Failed(RefusalCatalog.NameTaken.Because("There is a recovery point of this action already."));
        }
        finally
        {
            if (!named)
                TreeRemoval.Run(points, partial);
        }
    }

    public override Execution Find(Scene scene, Ticket ticket)
    {
        var volume = scene.Request.Arguments.Text(VolumeParameter);
        using var points = VolumeName.IsSafe(volume) ? scene.Backups?.Folder(volume) : null;
        if (points?.Status(ticket.ActionId) is null)
            return NoTrace;
        var mostBytes = scene.Options.MostVerifiedBytes;
        using var snapshot = Snapshot.Open(scene, volume, ticket.ActionId);
        return snapshot is not null && snapshot.Manifest.Identity == Approved(ticket) && snapshot.WhyNotVerified(scene, ref mostBytes, out _) is null
            ? Finished(snapshot.Manifest)
            : CannotTell("What bears the action's name in the backups folder was not found to be the copy that the action was to make.");
    }

    private static bool TryFill(
        Scene scene, Target target, Ticket ticket, OpenFolder points, EntryName partial, IProgress<ProviderProgress> progress,
        [NotNullWhen(true)] out SnapshotManifest? manifest, [NotNullWhen(false)] out Refusal? refused)
    {
        manifest = null;
        var before = scene.Survey(target.Volume!.Folder);
        if ((refused = WhyNot(scene, before)) is not null)
            return false;
        using var place = points.MakeOrOpen(partial);
        using var copy = new TreeCopy(
            scene.Deadline,
            () => scene.Options.NoRoomFor(0, scene.BackupsPath),
            bytes => progress.Report(new ProviderProgress(bytes, before.Bytes, "copying")),
            scene.CancellationToken);
        scene.Reach(Moment.Copying);
        if ((refused = copy.Run(target.Volume.Folder, place, Snapshot.DataFolder)) is not null)
            return false;
        scene.Reach(Moment.Copied);
        // A file that changed after its turn, or appeared behind the reader, shows only now.
        if (scene.Survey(target.Volume.Folder).Signature != before.Signature)
        {
            refused = RefusalCatalog.ChangedWhileReading.Because("The volume changed while it was copied; the copy would mix two states.");
            return false;
        }
        place.SyncFileSystem();
        if ((refused = WhyNotTheSame(scene, place, copy.Checksum)) is not null)
            return false;
        manifest = new SnapshotManifest(
            ticket.ActionId, scene.Request.Resource.Name, target.Name, target.Item.Id, scene.Options.Clock.GetUtcNow(), SnapshotManifest.SafeTools, copy.Files, copy.Bytes, copy.Checksum);
        SmallFile.Write(place, SnapshotManifest.File, manifest.ToJson());
        return true;
    }

    private static Refusal? WhyNotTheSame(Scene scene, OpenFolder place, string checksum)
    {
        using var data = place.Folder(Snapshot.DataFolder);
        using var reading = new TreeCopy(scene.Deadline, static () => null, null, scene.CancellationToken);
        if (data is null || reading.Run(data) is not null || reading.Checksum != checksum)
            return RefusalCatalog.RecoveryPointDamaged.Because("What was read back is not what was written; nothing was kept.");
        scene.Verified.Remember(scene.Survey(data).Signature, checksum);
        return null;
    }

    private static Refusal? WhyNot(Scene scene, TreeSurvey survey)
    {
        if (survey.Uncopyable is { } reason)
            return RefusalCatalog.NotAVolume.Because($"The volume cannot be copied whole: {reason}.");
        return survey.Cut is { } cut
            ? RefusalCatalog.TimedOut.Because($"The volume could not be looked at whole: {cut}.")
            : scene.Options.NoRoomFor(survey.Bytes, scene.BackupsPath);
    }

    private static Execution.Done Finished(SnapshotManifest manifest) => Done(
        new JsonObject
        {
            ["volume"] = manifest.Volume,
            ["recovery_point"] = manifest.Id,
            ["files"] = manifest.Files,
            ["bytes"] = manifest.Bytes,
            ["checksum"] = $"sha256:{manifest.Checksum}",
        },
        DiscardSnapshot.Name,
        (VolumeParameter, manifest.Volume),
        (RecoveryPointParameter, manifest.Id));
}
