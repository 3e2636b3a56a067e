namespace SafeTools.Providers.Postgres;

/// <summary>What was proved of a credential, at one moment, by asking as the credential.</summary>
/// <param name="Findings">What speaks against it, worst first.</param>
/// <param name="Facts">Who and where the server is.</param>
/// <param name="Markers">The environments that the comment on the database names.</param>
internal sealed record Proof(IReadOnlyList<Finding> Findings, IReadOnlyList<Fact> Facts, IReadOnlyList<string> Markers);
