using System.Globalization;
using System.Text.Json.Nodes;

namespace SafeTools.Providers.LocalVolume;

internal sealed class ListVolumes : VolumeOperation
{
    private const int Most = 10_000;

    public override Operation Declaration { get; } = new()
    {
        Name = "localvolume.list",
        Summary = "Lists the volumes under the root and what is in quarantine.",
        Floor = Effect.Read,
    };

    public override Resolved Resolve(Scene scene)
    {
        var status = scene.Root.Status();
        var environments = Volumes(scene).SelectMany(volume => scene.References.EnvironmentsOf(volume.Name));
        return new Target(
            scene.Request.Resource.Name,
            new Item("folder of volumes", status.Identity.ToString(), scene.Request.Resource.Name),
            scene.References.Evidence([.. environments, .. Quarantined(scene).SelectMany(entry => entry.Meta.Environments)]),
            new Dictionary<string, string> { ["id"] = status.Identity.ToString() });
    }

    public override Previewed Look(Scene scene, Target target) => new Preview
    {
        Summary = $"Lists the volumes of {target.Name}.",
        Item = target.Item,
        Environment = target.Environment,
        Fingerprint = target.Fingerprint,
        Facts = [new Fact("volumes", new FactValue.Count(Volumes(scene).Count), FactSource.Provider)],
    };

    public override Execution Act(Scene scene, Target target, Ticket ticket, IProgress<ProviderProgress> progress)
    {
        // Half the rows are kept for the quarantine, so that many volumes cannot hide what could be purged.
        var limits = scene.Request.Limits;
        var quarantined = Quarantined(scene).Select(entry => new JsonObject
        {
            ["quarantined"] = entry.Meta.ActionId,
            ["volume"] = entry.Meta.Volume,
            ["since"] = entry.Meta.Made.ToString("O", CultureInfo.InvariantCulture),
            ["environments"] = BoundedRows.Texts(scene.EvidenceFor(entry.Meta.Volume, entry.Meta.Environments).Names),
        });
        var volumes = Volumes(scene).Select(volume => new JsonObject
        {
            ["volume"] = volume.Name,
            ["modified"] = volume.Status.ModifiedAt.ToString("O", CultureInfo.InvariantCulture),
            ["environments"] = BoundedRows.Texts(scene.References.EnvironmentsOf(volume.Name)),
        });
        return Done(new JsonObject()
            .With("quarantined", quarantined, limits with { Rows = Math.Max(1, limits.Rows / 2), Bytes = limits.Bytes / 2 })
            .With("volumes", volumes, limits));
    }

    private static List<(string Name, FileStatus Status)> Volumes(Scene scene)
    {
        var (root, volumes) = (scene.Root.Status(), new List<(string Name, FileStatus Status)>());
        foreach (var name in scene.Root.Names(Most))
        {
            scene.CancellationToken.ThrowIfCancellationRequested();
            if (VolumeName.IsSafe(name.ToString()) && scene.Root.Status(name) is { } status && Volume.IsPlain(status, root))
                volumes.Add((name.ToString(), status));
        }
        return [.. volumes.OrderBy(volume => volume.Name, StringComparer.Ordinal)];
    }

    private static List<(QuarantineMeta Meta, FileStatus Held)> Quarantined(Scene scene) => SafeToolsFolder.Entries(scene.Root, Most);
}
