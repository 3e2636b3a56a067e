using System.Text.Json;
using System.Text.Json.Nodes;

namespace SafeTools.Providers.LocalVolume;

/// <summary>One operation: how it finds its target, what it shows, how it acts, and how it tells afterwards whether it did.</summary>
internal abstract class VolumeOperation
{
    protected const string VolumeParameter = "volume", RecoveryPointParameter = "recovery_point", QuarantinedParameter = "quarantined";

    public abstract Operation Declaration { get; }

    public abstract Resolved Resolve(Scene scene);

    public abstract Previewed Look(Scene scene, Target target);

    /// <summary>The target's fingerprint has just been found to be the ticket's.</summary>
    public abstract Execution Act(Scene scene, Target target, Ticket ticket, IProgress<ProviderProgress> progress);

    /// <summary>
    /// Whether the action left its trace. Reads leave none. Whoever may write these folders can lay a false one, so a trace counts only where it speaks of
    /// what the ticket approved.
    /// </summary>
    public virtual Execution Find(Scene scene, Ticket ticket) => NoTrace;

    /// <summary>The identity that was approved, as <see cref="Scene.Fingerprint"/> wrote it.</summary>
    protected static string? Approved(Ticket ticket) => ticket.Fingerprint.GetValueOrDefault("id");

    protected static Execution NoTrace { get; } = new Execution.Failed(RefusalCatalog.NoSuchItem.Because("The action left no trace here: it did not happen."));

    protected static Execution Failed(Refusal why) => new Execution.Failed(why);

    protected static Execution CannotTell(string why) => new Execution.Unknown(RefusalCatalog.OutcomeUnknown.Because(why));

    protected static Refusal Replaced { get; } = RefusalCatalog.Stale.Because("Something else was put in the volume's place; it was left as it is.");

    protected static Refusal NoBackups { get; } = RefusalCatalog.ResourceUnavailable.Because("The resource has no backups folder, so it has no recovery points.");

    protected static Parameter NameParameter(string name, string description) => new()
    {
        Name = name,
        Type = ParameterType.String,
        Description = description,
        MinLength = 1,
        MaxLength = VolumeName.Longest,
        Pattern = VolumeName.Pattern,
    };

    protected static Parameter TheVolume { get; } = NameParameter(VolumeParameter, "The volume's name, one folder under the root.");

    protected static Execution.Done Done(JsonObject data, string? undo = null, params (string Name, string Value)[] arguments) => new(data)
    {
        Undo = undo is null ? null : new UndoOffer(undo, new Arguments(arguments.ToDictionary(argument => argument.Name, argument => JsonText(argument.Value)))),
    };

    /// <summary>The volume that the request names, as a target.</summary>
    protected static Resolved ResolveVolume(Scene scene)
    {
        var name = scene.Request.Arguments.Text(VolumeParameter);
        return Volume.TryOpen(scene.Root, name, out var volume, out var refused)
            ? new Target(name, VolumeItem(volume), scene.EvidenceFor(name), scene.Fingerprint(volume.Status, name)) { Volume = volume }
            : refused;
    }

    /// <summary>The quarantined entry that the request names; the caller closes it.</summary>
    protected static (QuarantineEntry? Entry, Refusal? Refused) ResolveEntry(Scene scene)
    {
        var id = scene.Request.Arguments.Text(QuarantinedParameter);
        if (!VolumeName.IsSafe(id))
            return (null, VolumeName.Refused("quarantined entry's id"));
        using var quarantine = SafeToolsFolder.Find(scene.Root, SafeToolsFolder.QuarantineName);
        return quarantine is not null && QuarantineEntry.Open(quarantine, id) is { } entry
            ? (entry, null)
            : (null, RefusalCatalog.NoSuchItem.Because($"There is no quarantined entry \"{id}\"."));
    }

    protected static Item VolumeItem(Volume volume) => new("volume", volume.Status.Identity.ToString(), volume.Name);

    private static JsonElement JsonText(string text)
    {
        using var document = JsonDocument.Parse(JsonValue.Create(text).ToJsonString());
        return document.RootElement.Clone();
    }
}
