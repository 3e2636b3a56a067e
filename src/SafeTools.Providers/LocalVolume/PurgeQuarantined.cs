using System.Text.Json.Nodes;

namespace SafeTools.Providers.LocalVolume;

/// <summary>Removes one quarantined entry for good. Never on a timer, never as part of anything else.</summary>
internal sealed class PurgeQuarantined : VolumeOperation
{
    public const string Name = "localvolume.purge";

    public override Operation Declaration { get; } = new()
    {
        Name = Name,
        Summary = "Removes one quarantined volume for good.",
        Floor = Effect.Irreversible,
        Destroys = true,
        Parameters = [NameParameter(QuarantinedParameter, "The quarantined entry, as list names it.")],
        Limits = Limits.Default with { Time = TimeSpan.FromMinutes(10) },
    };

    public override Resolved Resolve(Scene scene)
    {
        var (entry, refused) = ResolveEntry(scene);
        if (entry is null)
            return refused!;
        var name = entry.Meta.Volume;
        if (entry.Held is { } held)
        {
            return new Target(
                name,
                new Item("quarantined volume", held.Identity.ToString(), name),
                scene.EvidenceFor(name, entry.Meta.Environments),
                new Dictionary<string, string>(scene.Fingerprint(held, name)) { ["quarantined"] = entry.Meta.ActionId }) { Entry = entry, Held = held.Identity };
        }
        using (entry)
            return RefusalCatalog.NoSuchItem.Because($"The quarantined entry \"{entry.Meta.ActionId}\" is empty: it was brought back or purged.");
    }

    public override Previewed Look(Scene scene, Target target)
    {
        using var data = target.Entry!.Folder.Folder(QuarantineEntry.Data);
        if (data is null)
            return Replaced;
        var facts = VolumeFacts.Of(scene, target.Name, data);
        // Half a removal cannot be taken back: what cannot be removed whole refuses before anything is touched.
        if (facts.Survey.Cut is not null || facts.Survey.Uncopyable is { } reason && reason.StartsWith("another", StringComparison.Ordinal))
            return RefusalCatalog.NotAVolume.Because("It cannot be looked at whole (too many entries, too deep, or another file system inside), so it is not removed.");
        return new Preview
        {
            Summary = $"Removes what was the volume {target.Name} for good.",
            Item = target.Item,
            Environment = target.Environment,
            Fingerprint = target.Fingerprint,
            Facts = [new Fact("in quarantine since", new FactValue.Instant(target.Entry.Meta.Made), FactSource.Provider), .. facts.Facts],
            RecoveryPoints = facts.RecoveryPoints,
        };
    }

    public override Execution Act(Scene scene, Target target, Ticket ticket, IProgress<ProviderProgress> progress)
    {
        if (Look(scene, target) is Previewed.Refused refused)
            return Failed(refused.Refusal);
        var (entry, identity) = (target.Entry!, target.Held);
        using var purging = SafeToolsFolder.Make(scene.Root, SafeToolsFolder.PurgingName);
        using var quarantine = SafeToolsFolder.Make(scene.Root, SafeToolsFolder.QuarantineName);
        SmallFile.Write(purging, Record(ticket.ActionId), new JsonObject { ["quarantined"] = entry.Meta.ActionId, ["volume"] = target.Name });
        scene.Reach(Moment.BeforeMove);
        if (entry.Held?.Identity != identity || !quarantine.TryMove(entry.Meta.ActionId, purging, ticket.ActionId))
        {
            purging.RemoveFile(Record(ticket.ActionId));
            return Failed(Replaced);
        }
        scene.Reach(Moment.Moved);
        if (purging.Status(ticket.ActionId)?.Identity != entry.Folder.Status().Identity || entry.Held?.Identity != identity)
        {
            if (!purging.TryMove(ticket.ActionId, quarantine, entry.Meta.ActionId))
                return CannotTell("Something else was set aside, and its name is taken again. A human looks at both.");
            purging.RemoveFile(Record(ticket.ActionId));
            return Failed(Replaced);
        }
        purging.Sync();
        quarantine.Sync();
        TreeRemoval.Run(purging, ticket.ActionId);
        purging.Sync();
        return Finished(entry.Meta.ActionId, target.Name);
    }

    public override Execution Find(Scene scene, Ticket ticket)
    {
        using var purging = SafeToolsFolder.Find(scene.Root, SafeToolsFolder.PurgingName);
        if (purging is null || SmallFile.Read(purging, Record(ticket.ActionId)) is not { } record)
            return NoTrace;
        if (purging.Status(ticket.ActionId) is not null)
            return CannotTell("The removal began and did not end. What is left is set aside and cannot be brought back whole.");
        using var entry = ResolveEntry(scene).Entry;
        return entry is null ? Finished(record.Text("quarantined") ?? "", record.Text("volume") ?? "") : NoTrace;
    }

    private static string Record(string actionId) => $"by-{actionId}.json";

    private static Execution.Done Finished(string quarantined, string volume) =>
        Done(new JsonObject { ["purged"] = quarantined, ["volume"] = volume });
}
