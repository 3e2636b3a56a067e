using System.Security.Cryptography;
using System.Text;

namespace SafeTools.Providers.Postgres;

/// <summary>Which credential of which resource is looked at.</summary>
internal sealed record Question(Resource Resource, CheckedCredential Which, SecretReference Reference)
{
    /// <summary>The server's key, where the policy pins it.</summary>
    public string? PinnedKey => Resource.Settings.Field(PostgresSettings.Identity, PostgresSettings.TlsKey);

    /// <summary>Whether an agent's tool could give the application another password here.</summary>
    public bool CanBeRotated => Which == CheckedCredential.Application && new[] { PostgresSettings.Rotator, PostgresSettings.Service }.All(name => Resource.Settings.TextOrNull(name) is not null);

    /// <summary>What the same answer belongs to: the same value, looked at for the same resource as it is configured now.</summary>
    public string Stamp(string fingerprint) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n',
    [
        fingerprint, Resource.Name, Resource.Environment, Which.Word(), Reference.ToString(), Resource.Settings.TextOrNull(PostgresSettings.Connection) ?? "", $"{CanBeRotated}",
        .. PostgresSettings.Pins.Select(pin => Resource.Settings.Field(PostgresSettings.Identity, pin) ?? ""),
        .. Resource.OwnEnvironments.OrderBy(name => name.Key, StringComparer.Ordinal).Select(name => $"{name.Key}={name.Value}"),
    ]))))[..32];

    /// <summary>Local, staging or production; what nobody mapped is production.</summary>
    public string Means(string environment) =>
        environment is "local" or "staging" or "production" ? environment : Resource.OwnEnvironments.GetValueOrDefault(environment, "production");

    /// <summary>Whose login counts as one: servers, user and database, never the password.</summary>
    public static string Place(ConnectionTarget target) => string.Join('\n', [.. target.Endpoints.Select(endpoint => endpoint.ToString()), target.User, target.Database]);
}
