using System.Text.Json.Nodes;

namespace SafeTools.Providers.LocalVolume;

/// <summary>Lets the restored volume and what it replaced change places again. Its own undo.</summary>
internal sealed class Unrestore : VolumeOperation
{
    public const string Name = "localvolume.unrestore";

    public override Operation Declaration { get; } = new()
    {
        Name = Name,
        Summary = "Takes a restore back: the restored and the former content change places.",
        Floor = Effect.Reversible,
        Undo = Name,
        OnlyAsUndo = true,
        Parameters = [NameParameter(QuarantinedParameter, "The restore's quarantined entry.")],
    };

    public override Resolved Resolve(Scene scene)
    {
        var (entry, refused) = ResolveEntry(scene);
        if (entry is null)
            return refused!;
        var name = entry.Meta.Volume;
        Volume? volume = null;
        // Where the former content was purged, swapping would only take the restored one away: that is a delete, not an undo.
        if (entry.Meta.Operation != RestoreVolume.Name || entry.Held is null && entry.Meta.Original is not null)
            refused = RefusalCatalog.NoSuchItem.Because("What the restore replaced is not in quarantine any more.");
        else if (scene.Root.Status(name) is not null)
            _ = Volume.TryOpen(scene.Root, name, out volume, out refused);
        else if (entry.Held is null)
            refused = RefusalCatalog.NoSuchItem.Because($"There is no volume \"{name}\", and its quarantined entry is empty.");
        if (refused is not null)
        {
            entry.Dispose();
            return refused;
        }
        var fingerprint = scene.Fingerprint(volume?.Status, name);
        var held = entry.Held?.Identity;
        fingerprint["quarantined"] = $"{entry.Meta.ActionId} {held?.ToString() ?? "empty"}";
        return new Target(name, new Item("volume", fingerprint["id"], name), scene.EvidenceFor(name, entry.Meta.Environments), fingerprint)
        {
            Volume = volume,
            Entry = entry,
            Held = held,
        };
    }

    public override Previewed Look(Scene scene, Target target)
    {
        var facts = target.Volume is null ? null : VolumeFacts.Of(scene, target.Name, target.Volume.Folder);
        return new Preview
        {
            Summary = $"Brings back what the volume {target.Name} held before it was restored.",
            Item = target.Item,
            Environment = target.Environment,
            Fingerprint = target.Fingerprint,
            Facts = facts?.Facts ?? [],
            RecoveryPoints = facts?.RecoveryPoints ?? [],
            UndoNote = "What is there now is kept in quarantine and can change places again.",
        };
    }

    public override Execution Act(Scene scene, Target target, Ticket ticket, IProgress<ProviderProgress> progress)
    {
        var entry = target.Entry!;
        var (current, held) = (target.Volume?.Status.Identity, target.Held);
        entry.Mark(ticket.ActionId, (held ?? current)!.Value, toVolume: held is not null);
        scene.Reach(Moment.BeforeMove);
        switch (Places.Swap(scene, entry, current, held))
        {
            case true:
                return Finished(entry.Meta);
            case null:
                return CannotTell("Something else came in between and could not be put back. A human looks at the volume and its quarantine entry.");
            default:
                entry.Unmark(ticket.ActionId);
                return Failed(Replaced);
        }
    }

    public override Execution Find(Scene scene, Ticket ticket)
    {
        using var entry = ResolveEntry(scene).Entry;
        return entry?.Moved(ticket.ActionId, scene.Root) switch
        {
            null when entry is not null => CannotTell("What the action moved is neither in quarantine nor in its place."),
            true => Finished(entry!.Meta),
            _ => NoTrace,
        };
    }

    private static Execution.Done Finished(QuarantineMeta meta) => Done(
        new JsonObject { ["volume"] = meta.Volume, ["quarantined"] = meta.ActionId }, Name, (QuarantinedParameter, meta.ActionId));
}
