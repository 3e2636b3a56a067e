using System.Globalization;
using System.Text.Json.Nodes;

namespace SafeTools.Providers.LocalVolume;

internal sealed class DescribeVolume : VolumeOperation
{
    public override Operation Declaration { get; } = new()
    {
        Name = "localvolume.describe",
        Summary = "Says what a volume holds, who names it and which recovery points it has.",
        Floor = Effect.Read,
        Parameters = [TheVolume],
    };

    public override Resolved Resolve(Scene scene) => ResolveVolume(scene);

    public override Previewed Look(Scene scene, Target target)
    {
        var facts = VolumeFacts.Of(scene, target.Name, target.Volume!.Folder);
        return new Preview
        {
            Summary = $"Looks at the volume {target.Name}.",
            Item = target.Item,
            Environment = target.Environment,
            Fingerprint = target.Fingerprint,
            Facts = facts.Facts,
            RecoveryPoints = facts.RecoveryPoints,
        };
    }

    public override Execution Act(Scene scene, Target target, Ticket ticket, IProgress<ProviderProgress> progress)
    {
        var facts = VolumeFacts.Of(scene, target.Name, target.Volume!.Folder);
        var data = new JsonObject
        {
            ["volume"] = target.Name,
            ["id"] = target.Item.Id,
            ["created"] = target.Fingerprint["created"],
            ["bytes"] = facts.Survey.Bytes,
            ["files"] = facts.Survey.Files,
            ["newest_write"] = facts.Survey.Newest?.ToString("O", CultureInfo.InvariantCulture),
            ["open_files"] = facts.Facts.First(fact => fact.Name == OpenFiles.FactName).Value switch
            {
                FactValue.Count count => count.Value,
                FactValue.Text text => text.Value,
                _ => null,
            },
            ["environments"] = BoundedRows.Texts(target.Environment.Names),
            ["named_by"] = BoundedRows.Texts(scene.References.Naming(target.Name)),
        };
        if (facts.Survey.Cut is { } cut)
            data["not_all_was_looked_at"] = cut;
        return Done(data.With("recovery_points", facts.RecoveryPoints.Select(Row), scene.Request.Limits));
    }

    private static JsonObject Row(RecoveryPoint point) => new()
    {
        ["recovery_point"] = point.Id,
        ["made"] = point.Made.ToString("O", CultureInfo.InvariantCulture),
        ["maker"] = point.Maker,
        ["place"] = point.Place,
        ["bytes"] = point.Bytes,
        ["checksum"] = point.Checksum,
        ["intact"] = point.Intact,
        ["isolated"] = point.Isolated,
        ["isolation"] = point.IsolationReason,
    };
}
