namespace SafeTools.Providers.Postgres;

/// <summary>A database that a resource was seen to lead to, and what the policy claims of that resource.</summary>
/// <param name="Server">Its system identifier.</param>
internal sealed record SeenClaim(string Resource, string Claim, string Server, string Database);
