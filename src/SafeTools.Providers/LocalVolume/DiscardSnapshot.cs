using System.Text.Json.Nodes;

namespace SafeTools.Providers.LocalVolume;

/// <summary>Sets a recovery point aside under a name that hides it. Nothing is removed: a discarded safety net is still wanted on a bad day.</summary>
internal sealed class DiscardSnapshot : VolumeOperation
{
    public const string Name = "localvolume.discard_snapshot";

    public override Operation Declaration { get; } = new()
    {
        Name = Name,
        Summary = "Sets a recovery point aside, so that it no longer counts.",
        Floor = Effect.Reversible,
        Undo = KeepSnapshot.Name,
        OnlyAsUndo = true,
        Parameters = [TheVolume, NameParameter(RecoveryPointParameter, "The recovery point.")],
    };

    /// <summary>Begins with a dot, so that no argument can name it.</summary>
    public static EntryName Aside(string recoveryPoint) => $".discarded-{recoveryPoint}";

    public override Resolved Resolve(Scene scene)
    {
        var (volume, id) = (scene.Request.Arguments.Text(VolumeParameter), scene.Request.Arguments.Text(RecoveryPointParameter));
        if (!VolumeName.IsSafe(volume) || !VolumeName.IsSafe(id))
            return VolumeName.Refused("volume's or recovery point's name");
        if (Snapshot.Open(scene, volume, id) is not { } snapshot)
            return RefusalCatalog.NoSuchItem.Because($"The volume \"{volume}\" has no recovery point \"{id}\".");
        return new Target(
            volume,
            new Item("recovery point", snapshot.Status.Identity.ToString(), id),
            scene.EvidenceFor(volume),
            PointFingerprint(scene, snapshot)) { Snapshot = snapshot };
    }

    public override Previewed Look(Scene scene, Target target) => new Preview
    {
        Summary = $"Sets the recovery point {target.Item.Name} of {target.Name} aside.",
        Item = target.Item,
        Environment = target.Environment,
        Fingerprint = target.Fingerprint,
        Facts = PointFacts(target.Snapshot!.Manifest),
        UndoNote = "It is kept and can be taken back.",
    };

    public override Execution Act(Scene scene, Target target, Ticket ticket, IProgress<ProviderProgress> progress)
    {
        var manifest = target.Snapshot!.Manifest;
        using var points = scene.Backups!.MakeOrOpen(target.Name);
        PointMoves.Mark(points, ticket.ActionId, manifest.Id, PointMoves.Aside);
        scene.Reach(Moment.BeforeMove);
        if (!points.TryMove(manifest.Id, points, Aside(manifest.Id)))
            return Failed(RefusalCatalog.NameTaken.Because("A recovery point of that name was set aside before."));
        points.Sync();
        return Finished(target.Name, manifest.Id);
    }

    public override Execution Find(Scene scene, Ticket ticket) => PointMoves.Find(scene, ticket.ActionId, PointMoves.Aside) switch
    {
        ({ } id, true) => Finished(scene.Request.Arguments.Text(VolumeParameter), id),
        ({ }, null) => CannotTell("The recovery point is neither in its place nor set aside."),
        _ => NoTrace,
    };

    internal static Dictionary<string, string> PointFingerprint(Scene scene, Snapshot snapshot) =>
        new(scene.Fingerprint(snapshot.Status, snapshot.Manifest.Volume)) { ["recovery point"] = $"{snapshot.Manifest.Id} sha256:{snapshot.Manifest.Checksum}" };

    internal static IReadOnlyList<Fact> PointFacts(SnapshotManifest manifest) =>
    [
        new Fact("recovery point", new FactValue.Text(manifest.Id), FactSource.Provider),
        new Fact("made", new FactValue.Instant(manifest.Made), FactSource.Provider),
        new Fact("maker", new FactValue.Text(manifest.Maker), FactSource.Provider),
        new Fact("bytes in the recovery point", new FactValue.Bytes(manifest.Bytes), FactSource.Provider),
        new Fact("checksum", new FactValue.Text($"sha256:{manifest.Checksum}"), FactSource.Provider),
    ];

    private static Execution.Done Finished(string volume, string id) => Done(
        new JsonObject { ["volume"] = volume, ["set_aside"] = id }, KeepSnapshot.Name, (VolumeParameter, volume), (RecoveryPointParameter, id));
}
