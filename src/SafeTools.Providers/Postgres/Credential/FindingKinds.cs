using System.Collections.Frozen;

namespace SafeTools.Providers.Postgres;

/// <summary>Every kind of finding about a credential, and how it is weighed. The words are stable: policies and reports name them.</summary>
internal static class FindingKinds
{
    public const string PublicBuiltin = "public-builtin";
    public const string LanguageUsage = "language-usage";
    public const string Temp = "temp";
    public const string NoTls = "no-tls";

    /// <summary>A promise would be broken: nobody can put up with it.</summary>
    private static readonly string[] Hard =
    [
        "superuser", "role-attribute", "predefined-role", "role-admin",
        "owner-of-database", "owner-of-schema", "owner-of-relation", "owner-of-function", "owner-of-type", "owner-of-large-object", "owner-of-other",
        "table-write", "sequence-write", "default-write", "grant-option", "large-object-write", "lo-compat-privileges",
        "schema-create", "database-create", "tablespace-create", "parameter-grant",
        "definer-function", "untrusted-function", "c-function", "network-function", "restricted-builtin",
        "foreign-server", "foreign-wrapper", "foreign-table", "user-mapping",
        "masked-readable", "masked-missing",
    ];

    /// <summary>What belongs to the provider of a managed server, so that its customer may be unable to mend it; the other layers stand.</summary>
    private static readonly string[] Soft = [PublicBuiltin, LanguageUsage, Temp];

    private static readonly string[] Advice =
        ["reads-everything", "reads-server", "user-function", "public-user-mapping", "type-runs-code", "login-trigger", "no-connection-limit", NoTls];

    private static readonly FrozenSet<string> AllSoft = Soft.ToFrozenSet(StringComparer.Ordinal);
    private static readonly FrozenSet<string> AllAdvice = Advice.ToFrozenSet(StringComparer.Ordinal);

    public static IReadOnlyList<string> Tolerable => Soft;

    public static IEnumerable<string> All => Hard.Concat(Soft).Concat(Advice);

    /// <summary>A kind that nobody thought of refuses.</summary>
    public static FindingWeight Weigh(string kind, IReadOnlyCollection<string> tolerated) =>
        AllAdvice.Contains(kind) ? FindingWeight.Advises
        : AllSoft.Contains(kind) && tolerated.Contains(kind, StringComparer.Ordinal) ? FindingWeight.Tolerated
        : FindingWeight.Refuses;

    /// <summary>What is wrong with naming a kind in <c>tolerates</c>; null where nothing is.</summary>
    public static string? Intolerable(string kind) =>
        AllSoft.Contains(kind) ? null
        : AllAdvice.Contains(kind) ? $"'tolerates' names '{kind}', which is advice and refuses nothing."
        : All.Contains(kind, StringComparer.Ordinal) ? $"'tolerates' names '{kind}', which nobody can put up with. It may name: {string.Join(", ", Soft)}."
        : $"'tolerates' names '{kind}', which is no kind of finding. It may name: {string.Join(", ", Soft)}.";
}
