using System.Text.Json.Nodes;

namespace SafeTools.Providers.LocalVolume;

/// <summary>One rename into quarantine, between open folders, and a look at what was really moved.</summary>
internal sealed class DeleteVolume : VolumeOperation
{
    public const string Name = "localvolume.delete";

    public override Operation Declaration { get; } = new()
    {
        Name = Name,
        Summary = "Takes a volume away into quarantine.",
        Floor = Effect.Irreversible,
        Destroys = true,
        Undo = Undelete.Name,
        Parameters = [TheVolume],
    };

    public override Resolved Resolve(Scene scene) => ResolveVolume(scene);

    public override Previewed Look(Scene scene, Target target)
    {
        var facts = VolumeFacts.Of(scene, target.Name, target.Volume!.Folder);
        return new Preview
        {
            Summary = $"Moves the volume {target.Name} into quarantine; whatever uses it loses it at once.",
            Item = target.Item,
            Environment = target.Environment,
            Fingerprint = target.Fingerprint,
            Facts = facts.Facts,
            RecoveryPoints = facts.RecoveryPoints,
            UndoNote = "It comes back from quarantine as it was, until it is purged, if nothing else has taken its name.",
        };
    }

    public override Execution Act(Scene scene, Target target, Ticket ticket, IProgress<ProviderProgress> progress)
    {
        using var quarantine = SafeToolsFolder.Make(scene.Root, SafeToolsFolder.QuarantineName);
        var identity = target.Volume!.Status.Identity;
        var meta = new QuarantineMeta(
            ticket.ActionId, Name, target.Name, identity.ToString(), null, scene.Options.Clock.GetUtcNow(), target.Environment.Names);
        using var entry = QuarantineEntry.Make(quarantine, meta);
        if (entry is null)
            return Failed(RefusalCatalog.NameTaken.Because("The quarantine already holds an entry of this action."));
        scene.Reach(Moment.BeforeMove);
        if (scene.Root.Status(target.Name)?.Identity != identity || !scene.Root.TryMove(target.Name, entry.Folder, QuarantineEntry.Data))
        {
            entry.Abandon(quarantine);
            return Failed(Replaced);
        }
        scene.Reach(Moment.Moved);
        // A rename takes a name, not an open folder: what was moved is looked at, and put back if it is not what was approved.
        if (entry.Held?.Identity != identity)
        {
            if (!entry.Folder.TryMove(QuarantineEntry.Data, scene.Root, target.Name))
                return CannotTell("Something else was moved into quarantine, and its name is taken again. A human looks at both.");
            entry.Abandon(quarantine);
            return Failed(Replaced);
        }
        entry.Folder.Sync();
        scene.Root.Sync();
        return Finished(meta);
    }

    public override Execution Find(Scene scene, Ticket ticket)
    {
        using var quarantine = SafeToolsFolder.Find(scene.Root, SafeToolsFolder.QuarantineName);
        using var entry = quarantine is null ? null : QuarantineEntry.Open(quarantine, ticket.ActionId);
        if (entry is null || entry.Meta.Operation != Name)
            return NoTrace;
        var (volume, approved) = (scene.Request.Arguments.Text(VolumeParameter), Approved(ticket));
        // What was approved cannot be in two places: in its own it was not deleted, whatever the quarantine says.
        if (VolumeName.IsSafe(volume) && scene.Root.Status(volume)?.Identity.ToString() == approved)
            return NoTrace;
        return entry.Meta.Volume == volume && entry.Meta.Original == approved && entry.Held?.Identity.ToString() == approved
            ? Finished(entry.Meta)
            : CannotTell("The quarantine entry does not hold what the action was to move.");
    }

    private static Execution.Done Finished(QuarantineMeta meta) => Done(
        new JsonObject { ["volume"] = meta.Volume, ["quarantined"] = meta.ActionId }, Undelete.Name, (QuarantinedParameter, meta.ActionId));
}
