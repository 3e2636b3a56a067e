using System.Text.Json.Nodes;

namespace SafeTools.Providers.Postgres;

/// <summary>Which server and database a session is on.</summary>
/// <param name="Facts">What the server itself says, read when the session was opened.</param>
/// <param name="Major">The server's major version.</param>
/// <param name="TlsKey">SHA-256 of the server's public key, as <c>sha256:BASE64</c>; null without TLS.</param>
internal sealed record ServerIdentity(ServerFacts Facts, int Major, string? TlsKey)
{
    /// <summary>Where the server says that it was reached; a local socket has no address.</summary>
    public string Address => Facts.Address ?? "local";

    public Channel Channel => new(TlsKey is not null, TlsKey);

    /// <summary>What consent to a read depends on: the resource, the server and database, and how the database is marked.</summary>
    public static Dictionary<string, string> Fingerprint(Resource resource, ServerFacts facts) => new(StringComparer.Ordinal)
    {
        ["item"] = $"postgres:{resource.Name}",
        ["server"] = $"{facts.SystemIdentifier}/{facts.Database}",
        ["marked"] = new JsonArray([.. facts.Markers.Select(name => JsonValue.Create(name))]).ToJsonString(),
    };

    public static bool Matches(Resource resource, ServerFacts facts, IReadOnlyDictionary<string, string> fingerprint)
    {
        var now = Fingerprint(resource, facts);
        return now.Count == fingerprint.Count && now.All(pair => fingerprint.GetValueOrDefault(pair.Key) == pair.Value);
    }
}
