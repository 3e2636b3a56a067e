namespace SafeTools.Providers.Postgres;

/// <summary>What is known of a resource's server and credential since they were last looked at.</summary>
/// <param name="Facts">Null where the server did not answer.</param>
/// <param name="Major">The server's major version; 0 where it did not answer.</param>
internal sealed record ProvedServer(Attestation Attestation, ServerFacts? Facts, int Major);
