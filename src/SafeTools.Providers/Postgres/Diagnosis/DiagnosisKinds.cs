using System.Collections.Frozen;

namespace SafeTools.Providers.Postgres;

/// <summary>Every kind of finding of a diagnosis. The words are stable: docs/credentials.md lists them.</summary>
internal static class DiagnosisKinds
{
    public const string OtherEnvironment = "other-environment";
    public const string OtherClaim = "other-claim";
    public const string OtherServer = "other-server";
    public const string PinnedKeyDiffers = "pinned-key-differs";
    public const string Superuser = "superuser";

    public const string SecretMissing = "secret-missing";
    public const string NotAConnectionString = "not-a-connection-string";
    public const string UnescapedCharacter = "unescaped-character";
    public const string NoPassword = "no-password";
    public const string HostUnknown = "host-unknown";
    public const string ConnectionRefused = "connection-refused";
    public const string TimedOut = "timed-out";
    public const string Unreachable = "unreachable";
    public const string NotPostgres = "not-postgresql";
    public const string Pooler = "pooler";
    public const string TlsNotOffered = "tls-not-offered";
    public const string TlsRequired = "tls-required";
    public const string TlsFailed = "tls-failed";
    public const string CertificateExpired = "certificate-expired";
    public const string CertificateOtherName = "certificate-of-another-name";
    public const string CertificateUntrusted = "certificate-untrusted";
    public const string ServerNotReady = "server-not-ready";
    public const string TooManyOnServer = "too-many-connections-server";
    public const string TooManyOfRole = "too-many-connections-role";
    public const string TooManyOnDatabase = "too-many-connections-database";
    public const string HostRules = "host-rules";
    public const string NoSuchRole = "no-such-role";
    public const string LoginNotAllowed = "login-not-allowed";
    public const string Expired = "expired";
    public const string WrongPassword = "wrong-password";
    public const string NotLetIn = "not-let-in";
    public const string NoSuchDatabase = "no-such-database";
    public const string DatabaseClosed = "database-closed";
    public const string NoConnectRight = "no-connect-right";
    public const string LoginFailed = "login-failed";
    public const string RotationUnfinished = "rotation-unfinished";
    public const string NotTried = "not-tried";

    public const string NotConfirmed = "environment-not-confirmed";
    public const string DiffersFromTools = "differs-from-tools";
    public const string SharedServer = "shared-server";
    public const string RoleAttribute = "role-attribute";
    public const string IdentityHidden = "identity-hidden";
    public const string ReadOnly = "read-only";
    public const string ExpiresSoon = "expires-soon";
    public const string NearLimit = "near-connection-limit";

    public const string Works = "works";

    private static readonly string[] Dangers = [OtherEnvironment, OtherClaim, OtherServer, PinnedKeyDiffers, Superuser];

    private static readonly string[] Faults =
    [
        SecretMissing, NotAConnectionString, UnescapedCharacter, NoPassword,
        HostUnknown, ConnectionRefused, TimedOut, Unreachable, NotPostgres, Pooler,
        TlsNotOffered, TlsRequired, TlsFailed, CertificateExpired, CertificateOtherName, CertificateUntrusted,
        ServerNotReady, TooManyOnServer, TooManyOfRole, TooManyOnDatabase, HostRules,
        NoSuchRole, LoginNotAllowed, Expired, WrongPassword, NotLetIn, NoSuchDatabase, DatabaseClosed, NoConnectRight, LoginFailed, RotationUnfinished, NotTried,
    ];

    private static readonly string[] Warnings = [NotConfirmed, DiffersFromTools, SharedServer, RoleAttribute, IdentityHidden, ReadOnly, ExpiresSoon, NearLimit];

    /// <summary>In the order in which they are told.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Dangers, .. Faults, .. Warnings, Works];

    private static readonly FrozenDictionary<string, int> Ranks = All.Select((kind, rank) => (kind, rank)).ToFrozenDictionary(pair => pair.kind, pair => pair.rank, StringComparer.Ordinal);

    public static int Rank(string kind) => Ranks[kind];

    /// <summary>What it is unless whoever found it knows better.</summary>
    public static Severity Severity(string kind) =>
        Dangers.Contains(kind) ? Postgres.Severity.Danger : Warnings.Contains(kind) ? Postgres.Severity.Warning : kind == Works ? Postgres.Severity.Fine : Postgres.Severity.Broken;
}
