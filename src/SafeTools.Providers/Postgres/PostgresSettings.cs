namespace SafeTools.Providers.Postgres;

/// <summary>The keys of a resource and of a spec of this provider.</summary>
internal static class PostgresSettings
{
    public const string Connection = "connection";
    public const string Identity = "identity";
    public const string SystemIdentifier = "system_identifier";
    public const string Database = "database";
    public const string Address = "address";
    public const string TlsKey = "tls_key";
    public const string Masked = "masked";
    public const string Tolerates = "tolerates";
    public const string Statement = "statement";

    /// <summary>The keys of <see cref="Identity"/>.</summary>
    public static IReadOnlyList<string> Pins { get; } = [SystemIdentifier, Database, Address, TlsKey];

    public static IReadOnlyList<Setting> OfResource { get; } =
    [
        new Setting(Connection, SettingKind.Secret, "Where the connection string lies: postgres://user:password@host:port/database?sslmode=…, several hosts by commas."),
        new Setting(Identity, SettingKind.Fields, "What the server must be, as safetools doctor prints it; anything else refuses.")
        {
            Required = false,
            Fields = Pins,
        },
        new Setting(Masked, SettingKind.Texts, "Columns that nobody may read through this resource, as schema.table.column.") { Required = false },
        new Setting(Tolerates, SettingKind.Texts, "Kinds of findings about the credential that the approvers put up with, as safetools doctor names them.") { Required = false },
    ];
}
