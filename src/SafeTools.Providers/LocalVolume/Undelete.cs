using System.Text.Json.Nodes;

namespace SafeTools.Providers.LocalVolume;

internal sealed class Undelete : VolumeOperation
{
    public const string Name = "localvolume.undelete";

    public override Operation Declaration { get; } = new()
    {
        Name = Name,
        Summary = "Brings a deleted volume back from quarantine.",
        Floor = Effect.Reversible,
        Undo = DeleteVolume.Name,
        OnlyAsUndo = true,
        Parameters = [NameParameter(QuarantinedParameter, "The quarantined entry.")],
    };

    public override Resolved Resolve(Scene scene)
    {
        var (entry, refused) = ResolveEntry(scene);
        if (entry is null)
            return refused!;
        var name = entry.Meta.Volume;
        if (entry.Held is { } held && scene.Root.Status(name) is null)
        {
            return new Target(
                name,
                new Item("quarantined volume", held.Identity.ToString(), name),
                scene.EvidenceFor(name, entry.Meta.Environments),
                scene.Fingerprint(held, name)) { Entry = entry, Held = held.Identity };
        }
        using (entry)
        {
            return entry.Held is null
                ? RefusalCatalog.NoSuchItem.Because($"The quarantined entry \"{entry.Meta.ActionId}\" is empty: it was brought back or purged.")
                : RefusalCatalog.NameTaken.Because($"Something newer is called \"{name}\" and is never overwritten.");
        }
    }

    public override Previewed Look(Scene scene, Target target)
    {
        using var data = target.Entry!.Folder.Folder(QuarantineEntry.Data);
        return new Preview
        {
            Summary = $"Brings the volume {target.Name} back from quarantine.",
            Item = target.Item,
            Environment = target.Environment,
            Fingerprint = target.Fingerprint,
            Facts = data is null ? [] : VolumeFacts.Of(scene, target.Name, data).Facts,
            UndoNote = "It can be deleted again.",
        };
    }

    public override Execution Act(Scene scene, Target target, Ticket ticket, IProgress<ProviderProgress> progress)
    {
        var entry = target.Entry!;
        var identity = target.Held!.Value;
        entry.Mark(ticket.ActionId, identity, toVolume: true);
        scene.Reach(Moment.BeforeMove);
        if (!entry.Folder.TryMove(QuarantineEntry.Data, scene.Root, target.Name))
        {
            entry.Unmark(ticket.ActionId);
            return Failed(RefusalCatalog.NameTaken.Because($"Something newer is called \"{target.Name}\" and is never overwritten."));
        }
        scene.Reach(Moment.Moved);
        scene.Root.Sync();
        entry.Folder.Sync();
        return scene.Root.Status(target.Name)?.Identity == identity
            ? Finished(target.Name)
            : CannotTell("What came back is not what was looked at. A human looks at it.");
    }

    public override Execution Find(Scene scene, Ticket ticket)
    {
        using var entry = ResolveEntry(scene).Entry;
        return entry?.Moved(ticket.ActionId, scene.Root) switch
        {
            null when entry is not null => CannotTell("What the action moved is neither in quarantine nor in its place."),
            true => Finished(entry!.Meta.Volume),
            _ => NoTrace,
        };
    }

    private static Execution.Done Finished(string volume) => Done(new JsonObject { ["volume"] = volume }, DeleteVolume.Name, (VolumeParameter, volume));
}
