using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace SafeTools.Providers.LocalVolume;

/// <summary>
/// Copies a recovery point to the volumes' device, checks what it read, and lets the copy and the current volume change places in one step,
/// so that at no moment there is neither.
/// </summary>
internal sealed class RestoreVolume : VolumeOperation
{
    public const string Name = "localvolume.restore";

    public override Operation Declaration { get; } = new()
    {
        Name = Name,
        Summary = "Puts a recovery point in a volume's place and the current content into quarantine.",
        Floor = Effect.Reversible,
        Undo = Unrestore.Name,
        Parameters = [TheVolume, NameParameter(RecoveryPointParameter, "The recovery point, as describe names it.")],
        Limits = Limits.Default with { Time = TimeSpan.FromHours(1) },
    };

    public override Resolved Resolve(Scene scene)
    {
        var (name, id) = (scene.Request.Arguments.Text(VolumeParameter), scene.Request.Arguments.Text(RecoveryPointParameter));
        if (!VolumeName.IsSafe(name) || !VolumeName.IsSafe(id))
            return VolumeName.Refused("volume's or recovery point's name");
        if (scene.Backups is null)
            return NoBackups;
        if (Snapshot.Open(scene, name, id) is not { } snapshot)
            return RefusalCatalog.NoSuchItem.Because($"The volume \"{name}\" has no recovery point \"{id}\".");
        // A volume that is gone is the best reason to restore it.
        Volume? volume = null;
        if (scene.Root.Status(name) is not null && !Volume.TryOpen(scene.Root, name, out volume, out var refused))
        {
            snapshot.Dispose();
            return refused;
        }
        var fingerprint = scene.Fingerprint(volume?.Status, name);
        fingerprint["recovery point"] = $"{snapshot.Status.Identity} {id} sha256:{snapshot.Manifest.Checksum}";
        return new Target(name, new Item("volume", fingerprint["id"], name), scene.EvidenceFor(name), fingerprint) { Volume = volume, Snapshot = snapshot };
    }

    public override Previewed Look(Scene scene, Target target)
    {
        var mostBytes = scene.Options.MostVerifiedBytes;
        var why = target.Snapshot!.WhyNotVerified(scene, ref mostBytes, out var damaged);
        if (damaged)
            return Damaged;
        if (scene.Options.NoRoomFor(target.Snapshot.Manifest.Bytes, scene.RootPath) is { } noRoom)
            return noRoom;
        var facts = target.Volume is null ? null : VolumeFacts.Of(scene, target.Name, target.Volume.Folder);
        return new Preview
        {
            Summary = $"Puts the recovery point {target.Snapshot.Manifest.Id} in the place of the volume {target.Name}.",
            Item = target.Item,
            Environment = target.Environment,
            Fingerprint = target.Fingerprint,
            Facts =
            [
                .. DiscardSnapshot.PointFacts(target.Snapshot.Manifest),
                new Fact("recovery point's content", new FactValue.Text(why ?? "read again, matches its checksum"), FactSource.Provider),
                .. facts?.Facts ?? VolumeFacts.Names(scene, target.Name),
            ],
            RecoveryPoints = facts?.RecoveryPoints ?? [],
            UndoNote = "What is there now is kept in quarantine and can change places again.",
        };
    }

    public override Execution Act(Scene scene, Target target, Ticket ticket, IProgress<ProviderProgress> progress)
    {
        using var staging = SafeToolsFolder.Make(scene.Root, SafeToolsFolder.StagingName);
        if (!staging.TryLock())
            return Failed(RefusalCatalog.ResourceUnavailable.Because("Another restore is running."));
        foreach (var left in staging.Names())
            TreeRemoval.Run(staging, left);
        try
        {
            return TryStage(scene, target, staging, ticket.ActionId, progress, out var staged, out var refused)
                ? Swap(scene, target, ticket.ActionId, staging, staged.Value)
                : Failed(refused);
        }
        finally
        {
            TreeRemoval.Run(staging, ticket.ActionId);
        }
    }

    public override Execution Find(Scene scene, Ticket ticket)
    {
        using var quarantine = SafeToolsFolder.Find(scene.Root, SafeToolsFolder.QuarantineName);
        using var entry = quarantine is null ? null : QuarantineEntry.Open(quarantine, ticket.ActionId);
        if (entry is null || entry.Meta.Operation != Name)
            return NoTrace;
        if (entry.Meta.Volume != scene.Request.Arguments.Text(VolumeParameter) || (entry.Meta.Original ?? "absent") != Approved(ticket))
            return CannotTell("The quarantine entry does not speak of what the action was to replace.");
        if (scene.Root.Status(entry.Meta.Volume)?.Identity.ToString() == entry.Meta.Incoming
            || entry.Meta.Original is not null && entry.Held?.Identity.ToString() == entry.Meta.Original)
            return Finished(entry.Meta);
        return entry.Held is null || entry.Held?.Identity.ToString() == entry.Meta.Incoming
            ? NoTrace
            : CannotTell("Neither the restored copy nor what was there before is where the action put it.");
    }

    private static bool TryStage(
        Scene scene, Target target, OpenFolder staging, string actionId, IProgress<ProviderProgress> progress,
        [NotNullWhen(true)] out FileIdentity? staged, [NotNullWhen(false)] out Refusal? refused)
    {
        staged = null;
        var manifest = target.Snapshot!.Manifest;
        if ((refused = scene.Options.NoRoomFor(manifest.Bytes, scene.RootPath)) is not null)
            return false;
        using var copy = new TreeCopy(
            scene.Deadline,
            () => scene.Options.NoRoomFor(0, scene.RootPath),
            bytes => progress.Report(new ProviderProgress(bytes, manifest.Bytes, "copying")),
            scene.CancellationToken);
        scene.Reach(Moment.Copying);
        if ((refused = copy.Run(target.Snapshot.Data, staging, actionId)) is not null)
            return false;
        if (copy.Checksum != manifest.Checksum)
        {
            refused = Damaged;
            return false;
        }
        staging.SyncFileSystem();
        scene.Reach(Moment.Copied);
        scene.CancellationToken.ThrowIfCancellationRequested();
        staged = staging.Status(actionId)?.Identity;
        refused = staged is null ? Replaced : null;
        return staged is not null;
    }

    private static Execution Swap(Scene scene, Target target, string actionId, OpenFolder staging, FileIdentity staged)
    {
        using var quarantine = SafeToolsFolder.Make(scene.Root, SafeToolsFolder.QuarantineName);
        var current = target.Volume?.Status.Identity;
        var meta = new QuarantineMeta(
            actionId, Name, target.Name, current?.ToString(), staged.ToString(), scene.Options.Clock.GetUtcNow(), target.Environment.Names);
        using var entry = QuarantineEntry.Make(quarantine, meta);
        if (entry is null)
            return Failed(RefusalCatalog.NameTaken.Because("The quarantine already holds an entry of this action."));
        if (!staging.TryMove(actionId, entry.Folder, QuarantineEntry.Data))
            return CannotTell("The copy vanished while it was put in place.");
        entry.Folder.Sync();
        scene.Reach(Moment.BeforeMove);
        switch (Places.Swap(scene, entry, current, staged))
        {
            case true:
                return Finished(meta);
            case null:
                return CannotTell("Something else came in between and could not be put back. A human looks at the volume and its quarantine entry.");
            default:
                TreeRemoval.Run(entry.Folder, QuarantineEntry.Data);
                entry.Abandon(quarantine);
                return Failed(Replaced);
        }
    }

    private static Refusal Damaged => RefusalCatalog.RecoveryPointDamaged.Because("The recovery point's content does not match its checksum.");

    private static Execution.Done Finished(QuarantineMeta meta) => Done(
        new JsonObject { ["volume"] = meta.Volume, ["quarantined"] = meta.Original is null ? null : meta.ActionId },
        Unrestore.Name,
        (QuarantinedParameter, meta.ActionId));
}
