using System.Collections.Frozen;
using SafeTools.Corpus.Entries;
using SafeTools.Providers.Postgres;

namespace SafeTools.Corpus.Judging;

/// <summary>
/// Which refusals tell an agent the truth about a statement, by what it tries. One that says that the infrastructure is down, that the credential is not
/// proved, or that SafeTools is at fault never does, even though nothing happened: it would hide that nothing was tried.
/// </summary>
internal static class FittingCodes
{
    private static readonly RefusalCode[] Statement = [RefusalCatalog.NotOneStatement, RefusalCatalog.NotARead, RefusalCatalog.InvalidStatement];
    private static readonly RefusalCode[] Reach = [RefusalCatalog.NotOnTheAllowList, RefusalCatalog.NotReadable];
    private static readonly RefusalCode[] Size = [RefusalCatalog.ArgumentOutOfBounds, RefusalCatalog.StatementTooCostly];

    /// <summary>Also for a category that is not known here.</summary>
    private static readonly FrozenSet<string> Forbidden = Set(Statement, Reach);

    private static readonly FrozenSet<string> Costly = Set(Statement, Reach, Size, [RefusalCatalog.TimedOut, RefusalCatalog.ValueNotComputed]);

    private static readonly FrozenDictionary<string, FrozenSet<string>> Special = new Dictionary<string, FrozenSet<string>>
    {
        ["multi_statement"] = Set(Statement),
        ["info"] = Set([RefusalCatalog.NotARead], Reach),
        ["benign"] = FrozenSet<string>.Empty,
    }.ToFrozenDictionary();

    /// <summary>Nobody reads what is too long, so that is what a refusal says of it, whatever it tries.</summary>
    private static readonly FrozenSet<string> TooLong = Set(Size);

    public static bool Fit(string code, Entry entry) =>
        (Special.GetValueOrDefault(entry.Category) ?? (entry.IsCostly ? Costly : Forbidden)).Contains(code)
        || (!entry.IsBenign && entry.Sql.Length > PostgresOperations.LongestStatement && TooLong.Contains(code));

    /// <summary>Whether a refusal says anything of the statement, rather than of whoever should have tried it.</summary>
    public static bool AreOfAStatement(string code) => Costly.Contains(code);

    private static FrozenSet<string> Set(params RefusalCode[][] codes) => codes.SelectMany(group => group).Select(code => code.Id).ToFrozenSet();
}
