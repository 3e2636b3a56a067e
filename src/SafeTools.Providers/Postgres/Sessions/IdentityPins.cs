namespace SafeTools.Providers.Postgres;

/// <summary>Holds a server against the <c>identity</c> that a resource pins. A physical clone shares the system identifier, so address and key count besides.</summary>
internal static class IdentityPins
{
    /// <summary>What differs; null where everything that is pinned is as it must be.</summary>
    public static string? Fault(Resource resource, ServerIdentity identity)
    {
        string? Pinned(string field) => resource.Settings.Field(PostgresSettings.Identity, field);
        return Pinned(PostgresSettings.SystemIdentifier) is { } identifier && identifier != identity.Facts.SystemIdentifier ? "its system identifier is another"
            : Pinned(PostgresSettings.Database) is { } database && database != identity.Facts.Database ? "its database is another"
            : Pinned(PostgresSettings.Address) is { } address && !address.Split(',').Contains(identity.Address, StringComparer.Ordinal) ? "its address is another"
            : Pinned(PostgresSettings.TlsKey) is { } key && key != identity.TlsKey ? "its TLS key is not the pinned one"
            : null;
    }
}
