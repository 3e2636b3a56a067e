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
    public const string Application = "application";
    public const string Rotator = "rotator";
    public const string Service = "service";
    public const string Slots = "slots";
    public const string Grace = "grace";
    public const string ValidFor = "valid_for";

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
        new Setting(Application, SettingKind.Secret, "Where an application finds its connection string; what is rotated is written there.") { Required = false },
        new Setting(Rotator, SettingKind.Secret, "Where the connection string of the role lies that may rotate the application's password, as safetools init rotation makes it.") { Required = false },
        new Setting(Service, SettingKind.Text, "The service whose slots the rotator may set, as safetools init rotation was told.") { Required = false },
        new Setting(Slots, SettingKind.Text, "two (the default): two login roles take turns, so that running applications go on; single: one role.") { Required = false },
        new Setting(Grace, SettingKind.Text, "How long the earlier credential works after a rotation, such as 24h (the default).") { Required = false },
        new Setting(ValidFor, SettingKind.Text, "How long a rotated password is valid at most, such as 90d (the default).") { Required = false },
    ];
}
