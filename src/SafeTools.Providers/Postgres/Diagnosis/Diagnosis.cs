using System.Globalization;
using System.Text.Json.Nodes;

namespace SafeTools.Providers.Postgres;

/// <summary>What is known of a credential now. Holds a password in <see cref="Target"/>; what may be shown is <see cref="DiagnosisAnswer"/>.</summary>
internal sealed record Diagnosis(CheckedCredential Which, SecretReference Reference, DateTimeOffset Taken)
{
    /// <summary>Worst first.</summary>
    public IReadOnlyList<Found> Findings { get; init; } = [];

    public bool Present { get; init; }

    /// <summary>Null where it cannot be taken; then nothing is counted either.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Null where the value says nothing that may be believed.</summary>
    public ConnectionTarget? Target { get; init; }

    public IReadOnlyList<EndpointSight> Sights { get; init; } = [];

    public IReadOnlyList<TriedLogin> Logins { get; init; } = [];

    /// <summary>The answer of an earlier look, which is the answer now; null where this is one.</summary>
    public JsonObject? Remembered { get; init; }

    /// <summary>When it may be looked at again; null: at any time.</summary>
    public DateTimeOffset? Again { get; init; }

    /// <param name="again">Null where nobody knows how often it was tried.</param>
    public Diagnosis NotTried(DateTimeOffset? again, bool underWay) => this with
    {
        Again = again,
        Findings = Found.InOrder(
        [
            .. Findings,
            again is { } until
                ? new Found(
                    DiagnosisKinds.NotTried,
                    string.Create(CultureInfo.InvariantCulture, $"It was not tried now, so that nobody is locked out: {(underWay ? "another process is trying it" : "it was tried a short while ago, with another value or for another resource")}. It may be tried again at {until.UtcDateTime:HH:mm:ss} UTC."),
                    Mend.Agent("Wait until then, and look again."))
                : new Found(
                    DiagnosisKinds.NotTried,
                    "It was not tried, because SafeTools cannot count its attempts: its own store of secrets cannot be read or written.",
                    Mend.Human("A human looks at the state folder and at the server's log.")),
        ]),
    };
}
