using System.Collections.Frozen;
using SafeTools.Corpus.Entries;

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

    public static FrozenSet<string> Of(Entry entry) => Special.GetValueOrDefault(entry.Category) ?? (entry.IsCostly ? Costly : Forbidden);

    private static FrozenSet<string> Set(params RefusalCode[][] codes) => codes.SelectMany(group => group).Select(code => code.Id).ToFrozenSet();
}
