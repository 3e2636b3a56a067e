using System.Text.Json.Nodes;

namespace SafeTools.Providers.Postgres;

/// <summary>Which server and database a session is on, as the server itself says.</summary>
/// <param name="SystemIdentifier">Made by initdb; standbys and physical clones carry the same.</param>
/// <param name="Address">Where the server listens for this session, as the client's side of the connection has it.</param>
/// <param name="Markers">The environments that the database's comment names; none where it names none.</param>
/// <param name="TlsKey">SHA-256 of the server's public key, as <c>sha256:BASE64</c>; null without TLS.</param>
internal sealed record ServerIdentity(
    string SystemIdentifier, string Database, string User, string Address, int Major, string Version, bool IsStandby, IReadOnlyList<string> Markers, string? TlsKey)
{
    public EnvironmentEvidence Evidence => new(Markers, "the database's comment");

    /// <summary>What consent to a read depends on.</summary>
    public Dictionary<string, string> Fingerprint(Resource resource) => new(StringComparer.Ordinal)
    {
        ["item"] = $"postgres:{resource.Name}",
        ["server"] = $"{SystemIdentifier}/{Database}",
        ["marked"] = new JsonArray([.. Markers.Select(name => JsonValue.Create(name))]).ToJsonString(),
    };
}
