using System.Globalization;
using System.Text.Json.Nodes;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// What is written down of a rotation before each of its changes, so that whoever finds it half done can finish it or take it back.
/// It holds both values; so it lives where <see cref="ISecrets.Remember"/> keeps it, and nowhere else.
/// </summary>
internal sealed record RotationRecord
{
    /// <summary>The action whose rotation it is.</summary>
    public required string Action { get; init; }

    public required RotationPhase Phase { get; init; }

    /// <summary>System identifier and database.</summary>
    public required string Server { get; init; }

    public required string Service { get; init; }

    /// <summary>The slot that the application had, at the version that it had. The same slot as <see cref="To"/> where there is only one.</summary>
    public required SlotVersion From { get; init; }

    /// <summary>The slot that is set, at the version that it gets.</summary>
    public required SlotVersion To { get; init; }

    /// <summary>The verifier that is set: sent again as it is, where nobody knows whether it arrived.</summary>
    public required string Verifier { get; init; }

    /// <summary>By which the server's state tells whether it has <see cref="Verifier"/>.</summary>
    public string Digest => ScramVerifier.DigestOf(Verifier);

    /// <summary>The application's connection string as it was.</summary>
    public required Secret Earlier { get; init; }

    /// <summary>The application's connection string as it is to be.</summary>
    public required Secret Later { get; init; }

    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>When the step was written down.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When the grace ends; known from <see cref="RotationPhase.Done"/> on.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>When it ends whatever is open then; <see cref="Due"/> may move up to it.</summary>
    public DateTimeOffset? Last { get; init; }

    /// <summary>The action that takes it back.</summary>
    public string? Undo { get; init; }

    /// <summary>Who ends the grace at the moment, and until when nobody else does.</summary>
    public (string Who, DateTimeOffset Until)? Lease { get; init; }

    public bool Single => From.Slot == To.Slot;

    /// <summary>What the grace is about: the slot that is retired at its end.</summary>
    public SlotVersion Retiring => Phase == RotationPhase.Undone ? To : From;

    /// <summary>What the application must still hold at the end of the grace.</summary>
    public Secret Kept => Phase == RotationPhase.Undone ? Earlier : Later;

    /// <summary>Whether nothing is half done.</summary>
    public bool IsSettled => Phase is RotationPhase.Done or RotationPhase.Undone;

    public JsonObject ToJson() => new()
    {
        ["action"] = Action,
        ["phase"] = Phase switch
        {
            RotationPhase.Begun => "begun",
            RotationPhase.Proved => "proved",
            RotationPhase.Done => "done",
            RotationPhase.Undoing => "undoing",
            RotationPhase.Undone => "undone",
        },
        ["server"] = Server,
        ["service"] = Service,
        ["from"] = From.ToJson(),
        ["to"] = To.ToJson(),
        ["verifier"] = Verifier,
        ["earlier"] = Earlier.Reveal(),
        ["later"] = Later.Reveal(),
        ["valid_until"] = Text(ValidUntil),
        ["at"] = Text(At),
        ["due"] = Due is { } due ? Text(due) : null,
        ["last"] = Last is { } last ? Text(last) : null,
        ["undo"] = Undo,
        ["lease"] = Lease is { } lease ? new JsonObject { ["who"] = lease.Who, ["until"] = Text(lease.Until) } : null,
    };

    /// <exception cref="FormatException">It is of another version, or damaged.</exception>
    public static RotationRecord Parse(JsonNode json) => new()
    {
        Action = Said(json, "action"),
        Phase = Said(json, "phase") switch
        {
            "begun" => RotationPhase.Begun,
            "proved" => RotationPhase.Proved,
            "done" => RotationPhase.Done,
            "undoing" => RotationPhase.Undoing,
            "undone" => RotationPhase.Undone,
            _ => throw new FormatException("A rotation's record names a step that does not exist."),
        },
        Server = Said(json, "server"),
        Service = Said(json, "service"),
        From = SlotVersion.Parse(json["from"]!),
        To = SlotVersion.Parse(json["to"]!),
        Verifier = Said(json, "verifier"),
        Earlier = new Secret(Said(json, "earlier")),
        Later = new Secret(Said(json, "later")),
        ValidUntil = Time(Said(json, "valid_until")),
        At = Time(Said(json, "at")),
        Due = json["due"] is { } due ? Time(due.GetValue<string>()) : null,
        Last = json["last"] is { } last ? Time(last.GetValue<string>()) : null,
        Undo = json["undo"]?.GetValue<string>(),
        Lease = json["lease"] is { } lease ? (Said(lease, "who"), Time(Said(lease, "until"))) : null,
    };

    private static string Said(JsonNode json, string name) => json[name]?.GetValue<string>() ?? throw new FormatException("A rotation's record lacks a part.");

    private static string Text(DateTimeOffset time) => time.ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string text) => DateTimeOffset.ParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
}
