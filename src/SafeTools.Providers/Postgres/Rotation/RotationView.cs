using System.Globalization;
using System.Text.Json.Nodes;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// What the server, the application's secret and the record say at one moment, and what may be done about it. Pure: the same view always rules the same.
/// </summary>
/// <param name="Settings">What the policy says.</param>
/// <param name="Facts">Who answers the rotating role.</param>
/// <param name="Slots">The service's slots on the server, by name.</param>
/// <param name="Sink">What the application's secret holds.</param>
/// <param name="SinkFingerprint">Of that.</param>
/// <param name="Journal">What was written down.</param>
/// <param name="Now">The time.</param>
internal sealed record RotationView(
    RotationSettings Settings, ServerFacts Facts, IReadOnlyList<SlotState> Slots, Secret Sink, string SinkFingerprint, Journal Journal, DateTimeOffset Now)
{
    public string Server => $"{Facts.SystemIdentifier}/{Facts.Database}";

    public string ItemId => $"postgres:{Server}/{Settings.Service}";

    /// <summary>The slot as which the application logs in; null where its secret names none.</summary>
    public SlotState? Held => ConnectionText.Parse(Sink, out _) is { } target ? Slots.FirstOrDefault(slot => slot.Role == target.User) : null;

    /// <summary>The slot that a rotation would set.</summary>
    public SlotState? Next => Settings.TwoSlots ? Slots.FirstOrDefault(slot => slot != Held) : Held;

    public DateTimeOffset GraceEnds => Now + Settings.Grace;

    /// <summary>When the grace ends even if the earlier slot has sessions still.</summary>
    public DateTimeOffset GraceEndsAtLatest => GraceEnds + Settings.Grace;

    public DateTimeOffset ValidUntil => Now + Settings.ValidFor;

    public SlotState? Of(SlotVersion slot) => Slots.FirstOrDefault(one => one.Name == slot.Slot && one.Role == slot.Role);

    /// <summary>What both sides say, in a sentence or two that hold no value: the end of every refusal.</summary>
    public string BothSides()
    {
        var slots = Slots.Select(slot =>
            $"slot {slot.Name} at version {slot.Version.ToString(CultureInfo.InvariantCulture)} since {Time(slot.SetAt)}, {(slot.LetsIn ? "usable" : "not usable")}{(slot.ChangedByOthers ? ", its password changed by others" : "")}");
        return $"The server has {(Slots.Count == 0 ? "no slot of the service" : string.Join("; ", slots))}. The application's secret names {(Held is { } held ? $"slot {held.Name}" : "none of them")}.";
    }

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>Why there is no rotating; null where there is.</summary>
    public Refusal? AgainstRotating() =>
        AgainstAnything() ?? AgainstGrace() ?? (Next is not { } next ? No(RefusalCatalog.RotationSlotMissing, "There is no other slot to set.")
            : !next.IsMember ? No(RefusalCatalog.RotationSlotMissing, $"The role of slot {next.Name} is no member of the application's owner role, so the application could do nothing with it.")
            : next.ChangedByOthers ? No(RefusalCatalog.RotatedByOthers, $"Something else changed the password of slot {next.Name} since SafeTools set it.")
            : Settings.TwoSlots && next.LetsIn ? No(RefusalCatalog.RotationInGrace, "Both slots can be used, and nothing is written down of the rotation that left them so.")
            : Settings.TwoSlots && next.Sessions > 0 ? No(RefusalCatalog.RotationInGrace, $"Slot {next.Name} cannot be used, but has sessions that are open still.")
            : null);

    /// <summary>Why the action's rotation cannot be taken back; null where it can.</summary>
    public Refusal? AgainstUndoing(string action)
    {
        if (Journal.PastOf(action) is not null)
            return RefusalCatalog.RotationUndoTooLate.Because("Its grace is over, or it was taken back already.");
        if (Journal.Current is not { } record || record.Action != action)
            return RefusalCatalog.NoSuchItem.Because("There is no such rotation of this resource.");
        if (AgainstAnything() is { } refusal)
            return refusal;
        if (record.Phase == RotationPhase.Undone)
            return RefusalCatalog.RotationUndoTooLate.Because("It was taken back already.");
        if (record.Phase != RotationPhase.Done || record.Lease?.Until > Now)
            return No(RefusalCatalog.RotationUnderWay, "The rotation is being finished, taken back, or its grace ended.");
        if (record.Due <= Now)
            return No(RefusalCatalog.RotationUndoTooLate, "Its grace is over.");
        if (record.Server != Server)
            return No(RefusalCatalog.RotationUndoTooLate, "The rotating role is led to another server or database now.");
        // Somebody who put it back by hand is helped, not refused: then it only remains to end the newer one.
        if (!SinkText.Same(Sink, record.Later) && !SinkText.Same(Sink, record.Earlier))
            return No(RefusalCatalog.RotationUndoTooLate, "The application's secret was changed since; taking back would overwrite that.");
        var back = Of(record.Single ? record.To : record.From);
        return back is null || back.Version != (record.Single ? record.To : record.From).Version || back.ChangedByOthers
            ? No(RefusalCatalog.RotatedByOthers, $"The slot {record.From.Slot} is not as the rotation left it.")
            : record.Single && !ScramVerifier.Suits(ConnectionText.Parse(record.Earlier, out _)?.Password ?? new Secret(""))
                ? No(RefusalCatalog.RotationUndoTooLate, "The earlier password holds characters whose verifier SafeTools does not compute.")
            : null;
    }

    /// <summary>What consent depends on.</summary>
    public Dictionary<string, string> Fingerprint()
    {
        var print = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["item"] = ItemId,
            ["marked"] = new JsonArray([.. Facts.Markers.Select(name => JsonValue.Create(name))]).ToJsonString(),
            ["application"] = $"{Held?.Name ?? "none"} {SinkFingerprint}",
            ["terms"] = string.Create(CultureInfo.InvariantCulture, $"{(Settings.TwoSlots ? "two" : "single")} grace {Settings.Grace.TotalSeconds}s valid {Settings.ValidFor.TotalSeconds}s"),
            ["standing"] = Journal.Current is { } record ? $"{record.Action} {record.Phase}" : "none",
        };
        foreach (var slot in Slots)
            print[$"slot {slot.Name}"] = string.Create(CultureInfo.InvariantCulture, $"{slot.Role} {slot.Version} {(slot.LetsIn ? "usable" : "not usable")}");
        return print;
    }

    public bool Matches(IReadOnlyDictionary<string, string> fingerprint)
    {
        var now = Fingerprint();
        return now.Count == fingerprint.Count && now.All(part => fingerprint.GetValueOrDefault(part.Key) == part.Value);
    }

    public Refusal No(RefusalCode code, string why) => code.Because($"{why} {BothSides()}");

    private Refusal? AgainstAnything() =>
        Facts.Standby ? RefusalCatalog.RotationOnStandby.Because("The rotating role's connection leads to a standby, which only takes reads.")
        : Slots.Count != (Settings.TwoSlots ? 2 : 1) ? No(RefusalCatalog.RotationSlotMissing, $"The policy says that the service has {(Settings.TwoSlots ? "two slots" : "a single slot")}; for the rotating role, the server does not.")
        : Slots.FirstOrDefault(slot => !slot.IsRole || slot.IsMore) is { } unfit ? No(RefusalCatalog.RotationSlotMissing, $"The role of slot {unfit.Name} is gone, or may do more than an application may.")
        : ConnectionText.Parse(Sink, out var fault) is not { } target ? RefusalCatalog.RotationSinkUnfit.Because($"The application's secret cannot be used. {fault}")
        : target.Database != Facts.Database ? No(RefusalCatalog.RotationSinkUnfit, "The application's secret leads to another database than the rotating role's.")
        : Held is null ? No(RefusalCatalog.RotationSinkUnfit, "The application's secret names a user that is none of the service's slots.")
        : null;

    private Refusal? AgainstGrace() => Journal.Current switch
    {
        null => null,
        { IsSettled: true } record => No(RefusalCatalog.RotationInGrace, $"Slot {record.Retiring.Slot} is in its grace until {Time(record.Due ?? Now)}{(record.Single ? "" : ", then it is retired")}."),
        _ => No(RefusalCatalog.RotationUnderWay, "A rotation of this service is under way, or was interrupted and is about to be finished or taken back."),
    };
}
