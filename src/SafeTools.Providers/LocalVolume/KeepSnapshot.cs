using System.Text.Json.Nodes;

namespace SafeTools.Providers.LocalVolume;

internal sealed class KeepSnapshot : VolumeOperation
{
    public const string Name = "localvolume.keep_snapshot";

    public override Operation Declaration { get; } = new()
    {
        Name = Name,
        Summary = "Takes back a recovery point that was set aside.",
        Floor = Effect.Reversible,
        Undo = DiscardSnapshot.Name,
        OnlyAsUndo = true,
        Parameters = [TheVolume, NameParameter(RecoveryPointParameter, "The recovery point.")],
    };

    public override Resolved Resolve(Scene scene)
    {
        var (volume, id) = (scene.Request.Arguments.Text(VolumeParameter), scene.Request.Arguments.Text(RecoveryPointParameter));
        if (!VolumeName.IsSafe(volume) || !VolumeName.IsSafe(id))
            return VolumeName.Refused("volume's or recovery point's name");
        using var points = scene.Backups?.Folder(volume);
        using var snapshot = Snapshot.OpenAside(scene, volume, id);
        if (snapshot is not { Status: var status })
            return RefusalCatalog.NoSuchItem.Because($"No recovery point \"{id}\" of \"{volume}\" was set aside.");
        return points?.Status(id) is not null
            ? RefusalCatalog.NameTaken.Because($"There is a newer recovery point \"{id}\".")
            : new Target(volume, new Item("recovery point", status.Identity.ToString(), id), scene.EvidenceFor(volume), scene.Fingerprint(status, volume));
    }

    public override Previewed Look(Scene scene, Target target) => new Preview
    {
        Summary = $"Takes back the recovery point {target.Item.Name} of {target.Name}.",
        Item = target.Item,
        Environment = target.Environment,
        Fingerprint = target.Fingerprint,
        UndoNote = "It can be set aside again.",
    };

    public override Execution Act(Scene scene, Target target, Ticket ticket, IProgress<ProviderProgress> progress)
    {
        using var points = scene.Backups!.MakeOrOpen(target.Name);
        PointMoves.Mark(points, ticket.ActionId, target.Item.Name, PointMoves.Kept);
        scene.Reach(Moment.BeforeMove);
        if (!points.TryMove(DiscardSnapshot.Aside(target.Item.Name), points, target.Item.Name))
            return Failed(RefusalCatalog.NameTaken.Because("There is a newer recovery point of that name."));
        points.Sync();
        return Finished(target.Name, target.Item.Name);
    }

    public override Execution Find(Scene scene, Ticket ticket) => PointMoves.Find(scene, ticket.ActionId, PointMoves.Kept) switch
    {
        ({ } id, true) => Finished(scene.Request.Arguments.Text(VolumeParameter), id),
        ({ }, null) => CannotTell("The recovery point is neither in its place nor set aside."),
        _ => NoTrace,
    };

    private static Execution.Done Finished(string volume, string id) => Done(
        new JsonObject { ["volume"] = volume, ["recovery_point"] = id }, DiscardSnapshot.Name, (VolumeParameter, volume), (RecoveryPointParameter, id));
}
