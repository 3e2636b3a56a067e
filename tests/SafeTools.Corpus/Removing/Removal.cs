using System.Text.RegularExpressions;
using SafeTools.Corpus.Credentials;
using SafeTools.Corpus.Entries;
using SafeTools.Corpus.Observing;
using SafeTools.Providers.Postgres;

namespace SafeTools.Corpus.Removing;

/// <summary>
/// One layer taken away, to see that the others hold. Only the provider inside the runner can serve so; no setting of the published server can. Under a
/// credential that cannot be proved harmless the proof is gone besides, which is harder still.
/// </summary>
/// <param name="Name">As the report calls the layer that is gone.</param>
/// <param name="Left">The layers that stay.</param>
/// <param name="Credentials">Under which it says most, by name: the less the server itself forbids, the more the layers that stay have to.</param>
internal sealed partial record Removal(string Name, Layers Left, IReadOnlyList<string> Credentials)
{
    public static IReadOnlyList<Removal> All { get; } =
    [
        new("the credential's proof", Layers.All with { Attestation = false }, ["superuser"]),
        new("text caps", Layers.All with { TextCaps = false }, ["superuser"]) { TellsApart = Configuring(), Spares = AnalysisLocks() },
        // READ ONLY does not stop what functions with others' rights do: without the gate it takes a credential that reaches none.
        new("the parse gate", Layers.All with { ParseGate = false }, ["hardened"]) { Bounds = ["dos_memory"] },
        new("read only", Layers.All with { ReadOnly = false }, ["owner", "superuser"]),
        new("timeouts", Layers.All with { Timeouts = false }, ["superuser"]),
    ];

    /// <summary>Categories of costly entries that nothing but the layer bounds.</summary>
    public IReadOnlyList<string> Bounds { get; init; } = [];

    /// <summary>Harmless statements that nothing but the layer takes for such; without it they are refused.</summary>
    public Regex? TellsApart { get; init; }

    /// <summary>Locks that nothing but the layer keeps from being taken, for as long as a refusal takes.</summary>
    public Regex? Spares { get; init; }

    /// <summary>What stands before a credential.</summary>
    public Layers Before(Credential credential) => credential.Attested ? Left : Left with { Attestation = false };

    /// <summary>Whether the layers that stay are meant to hold against it. What only reads is a matter of the gate and of the credential's rights alone.</summary>
    public bool Concerns(Entry entry) => entry.Category != "info" && !Bounds.Contains(entry.Category) && !(entry.IsBenign && TellsApart?.IsMatch(entry.Sql) is true);

    public bool Bears(Sighting sighting) => sighting.Sense == Sense.Locks && Spares?.IsMatch(sighting.What) is true;

    [GeneratedRegex(@"^\s*(show|explain)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Configuring();

    /// <summary>The server locks what a statement would write, or lock rows of, while it analyses it; as lightly as any writer does.</summary>
    [GeneratedRegex(@"^(relation Row(Share|Exclusive)Lock on \d+(, |$))+$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex AnalysisLocks();
}
