using System.Collections.Frozen;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// How large the analysis of a statement may become at most, told from its text and the widths of what it names, before the server is asked for it. The
/// server prints all of it in one message, in which every star is written out and every join lists all columns of both its sides: 16 KiB of text can
/// become hundreds of megabytes, there and here, and nothing bounds a message on its way.
/// </summary>
internal sealed class TreeEstimate
{
    /// <summary>Columns listed somewhere in the tree; each takes some 150 characters, so this is about 3 MB.</summary>
    public const long MostEntries = 20_000;

    private const int CharactersOfEntry = 150;

    /// <summary>Of one list of the server's (MaxTupleAttributeNumber and what a join may list, both of 15).</summary>
    private const long WidestList = 1664, WidestJoin = 32_767;

    /// <summary>What a name in a list of tables takes there besides: its own columns' names.</summary>
    private const int NamesOfEntry = 8;

    private readonly IReadOnlyList<SqlToken> _tokens;
    private readonly FrozenDictionary<string, RelationSpread> _spreads;
    private readonly Dictionary<string, long> _named = new(StringComparer.OrdinalIgnoreCase);
    private int _at;

    private TreeEstimate(IReadOnlyList<SqlToken> tokens, FrozenDictionary<string, RelationSpread> spreads) => (_tokens, _spreads) = (tokens, spreads);

    /// <summary>Null where it stays small enough.</summary>
    public static Refusal? Judge(string sql, FrozenDictionary<string, RelationSpread> spreads) => Entries(sql, spreads) <= MostEntries
        ? null
        : RefusalCatalog.StatementTooCostly.Because("Too many columns stand in too many joins or stars. Join less at once, and name the columns that you need.");

    public static long Entries(string sql, FrozenDictionary<string, RelationSpread> spreads) =>
        new TreeEstimate([.. SqlText.Tokens(sql)], spreads).Group().Entries;

    /// <summary>From here to the parenthesis that closes it, or to the end. Everything is counted as if it were of the widest kind that it could be.</summary>
    private (long Width, long Entries) Group()
    {
        var (items, stars, joins, sources, entries) = (1L, 0L, 0L, 0L, 0L);
        var query = false;
        for (; _at < _tokens.Count && _tokens[_at].Kind != SqlTokenKind.Closing; _at++)
        {
            var token = _tokens[_at];
            switch (token)
            {
                case { Kind: SqlTokenKind.Opening }:
                    var name = NameBefore(_at);
                    _at++;
                    var inner = Group();
                    sources += inner.Width;
                    entries += inner.Entries;
                    if (name is not null)
                        _named[name] = Math.Max(_named.GetValueOrDefault(name), inner.Width);
                    break;
                case { Kind: SqlTokenKind.Operator, Text: "," }:
                    items++;
                    break;
                case { Kind: SqlTokenKind.Operator } when token.Text.Contains('*', StringComparison.Ordinal):
                    stars++;
                    break;
                case { Kind: SqlTokenKind.Word, Text: "join" }:
                    joins++;
                    break;
                case { Kind: SqlTokenKind.Word, Text: "select" or "values" }:
                    query = true;
                    break;
                case { Kind: SqlTokenKind.Word, Text: "table" }:
                    (query, stars) = (true, stars + 1);
                    break;
                case { Kind: SqlTokenKind.Word or SqlTokenKind.QuotedName }:
                    var spread = _spreads.GetValueOrDefault(token.Text);
                    var columns = Math.Max(spread.Columns, _named.GetValueOrDefault(token.Text));
                    sources += columns;
                    // A view may be made of views.
                    entries += (columns / NamesOfEntry) + (2 * spread.Definition / CharactersOfEntry);
                    break;
            }
        }

        var listed = Math.Min(sources, WidestList);
        entries += items + (stars * listed) + (joins * Math.Min(sources, WidestJoin));
        return (query ? Math.Min(items + (stars > 0 ? listed : 0), WidestList) : Math.Max(items, sources), entries);
    }

    /// <summary>Which name stands for the group that opens here elsewhere: <c>name as (</c>, <c>name (a, b) as materialized (</c>.</summary>
    private string? NameBefore(int opening)
    {
        var at = opening - 1;
        while (at >= 0 && _tokens[at] is { Kind: SqlTokenKind.Word, Text: "materialized" or "not" })
            at--;
        if (at < 1 || _tokens[at] is not { Kind: SqlTokenKind.Word, Text: "as" })
            return null;
        at--;
        if (_tokens[at].Kind == SqlTokenKind.Closing)
        {
            for (var depth = 1; depth > 0 && --at > 0;)
                depth += _tokens[at].Kind switch { SqlTokenKind.Closing => 1, SqlTokenKind.Opening => -1, _ => 0 };
            at--;
        }

        return at >= 0 && _tokens[at].Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName ? _tokens[at].Text : null;
    }
}
