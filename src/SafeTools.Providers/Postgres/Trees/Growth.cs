using System.Collections.Frozen;
using System.Globalization;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// How large a value may become that a statement computes from what is stored, as a power of two. The server bounds a value only at 1 GB, and each step of
/// <c>WITH a AS (SELECT v || v FROM b)</c> doubles it; so the steps are followed through subqueries and common table expressions, and one that grows
/// beyond all that a read needs refuses. In a recursion a value may grow by steps of the same size, but not by itself.
/// </summary>
internal sealed class Growth
{
    /// <summary>16 MB made of single bytes.</summary>
    public const double Most = 24;

    /// <summary>What a stored value counts as: 64 bytes. A larger one may grow as many times.</summary>
    private const double Stored = 6;

    /// <summary>Types whose values do not grow: numbers, dates and the like. A numeric may have many digits, and no more for being written as text.</summary>
    private static readonly FrozenSet<int> Fixed = new[] { 16, 18, 19, 20, 21, 23, 26, 700, 701, 1082, 1083, 1114, 1184, 1186, 1266, 1700, 2950 }.ToFrozenSet();

    private readonly Catalogue _catalogue;
    private readonly List<TreeValue.Node> _queries = [];
    private readonly Dictionary<TreeValue.Node, IReadOnlyList<Extent>> _columns = new(ReferenceEqualityComparer.Instance);
    private double _most;
    private bool _byItself;

    private Growth(Catalogue catalogue) => _catalogue = catalogue;

    /// <summary>Null where nothing grows too much.</summary>
    public static Refusal? Check(TreeValue.Node query, Catalogue catalogue)
    {
        var growth = new Growth(catalogue);
        growth.Columns(query);
        return growth._byItself ? RefusalCatalog.StatementTooCostly.Because("The statement makes a value grow by itself in a recursion.")
            : growth._most > Most ? RefusalCatalog.StatementTooCostly.Because("The statement makes a value many times longer than what it is made of.")
            : null;
    }

    /// <summary>The extents of a query's columns. Every expression in it is looked at on the way.</summary>
    private IReadOnlyList<Extent> Columns(TreeValue.Node query)
    {
        if (_columns.TryGetValue(query, out var known))
            return known;
        // A query that refers to itself is a recursion, seen from inside: its columns are what the recursion starts from.
        _columns[query] = [];
        _queries.Add(query);
        foreach (var field in query.Fields.Where(field => field.Key is not ("targetList" or "cteList" or "rtable")))
            Largest(field.Value);
        foreach (var expression in Nodes(query.Field("cteList")))
            Recursion(expression);
        foreach (var entry in Nodes(query.Field("rtable")))
            Entry(entry);
        var targets = Nodes(query.Field("targetList")).Select(target => Of(target.Field("expr"))).ToList();
        // A union's columns come from its parts.
        var columns = query.Field("setOperations") is TreeValue.Node operation ? Parts(operation) : targets;
        _queries.RemoveAt(_queries.Count - 1);
        return _columns[query] = columns;
    }

    private IReadOnlyList<Extent> Parts(TreeValue.Node operation)
    {
        var (left, right) = (Part(operation.Field("larg")), Part(operation.Field("rarg")));
        return [.. Enumerable.Range(0, Math.Max(left.Count, right.Count)).Select(index => Extent.Larger(left.ElementAtOrDefault(index), right.ElementAtOrDefault(index)))];
    }

    private IReadOnlyList<Extent> Part(TreeValue? part) => part switch
    {
        TreeValue.Node { Name: "SETOPERATIONSTMT" } inner => Parts(inner),
        TreeValue.Node { Name: "RANGETBLREF" } reference when EntryAt(Number(reference, "rtindex"), 0) is { } entry && entry.Field("subquery") is TreeValue.Node query => Columns(query),
        _ => [],
    };

    private void Recursion(TreeValue.Node expression)
    {
        if (expression.Field("ctequery") is not TreeValue.Node query)
            return;
        var columns = Columns(query);
        if (expression.Field("cterecursive") is TreeValue.Word { Text: "true" } && columns.Any(column => column.Selves > 1))
            _byItself = true;
    }

    private void Entry(TreeValue.Node entry)
    {
        foreach (var field in entry.Fields.Where(field => field.Key is not "joinaliasvars"))
            Largest(field.Value);
    }

    /// <summary>The extent of an expression.</summary>
    private Extent Of(TreeValue? value)
    {
        var extent = value switch
        {
            TreeValue.Node { Name: "QUERY" } query => Columns(query).Aggregate(default(Extent), Extent.Larger),
            TreeValue.Node { Name: "CONST" } constant => new Extent(constant.Field("constvalue") is TreeValue.Bytes bytes ? Math.Log2(bytes.Values.Count + 1) : 0, 0),
            TreeValue.Node { Name: "VAR" } variable => Variable(variable),
            TreeValue.Node { Name: "FUNCEXPR" } call => Call(call, Number(call, "funcid")),
            TreeValue.Node { Name: "OPEXPR" } call => Call(call, Number(call, "opfuncid")),
            TreeValue.Node { Name: "ARRAYEXPR" or "ROWEXPR" } made => Extent.Sum(Arguments(made, made.Name == "ROWEXPR" ? "args" : "elements")),
            TreeValue.Node { Name: "COERCEVIAIO" } conversion => Of(conversion.Field("arg")).Times(GrowthRules.Escaping),
            TreeValue.Node node => node.Fields.Select(field => Of(field.Value)).Aggregate(default(Extent), Extent.Larger),
            TreeValue.Items { Kind: "" } list => list.Values.Select(Of).Aggregate(default(Extent), Extent.Larger),
            _ => default,
        };
        _most = Math.Max(_most, extent.Power);
        return extent;
    }

    private void Largest(TreeValue value) => Of(value);

    private Extent Call(TreeValue.Node call, int function)
    {
        var arguments = Arguments(call, "args");
        var known = _catalogue.Functions.GetValueOrDefault((uint)function);
        var largest = arguments.Aggregate(default(Extent), Extent.Larger);
        if (known?.Use == FunctionUse.Repeats)
            return largest.Times(Math.Log2(Math.Max(1, SizeBudget.Constant(call, 1) ?? SizeBudget.MostRepetitions)));
        if (known?.Use == FunctionUse.Pads)
            return Extent.Larger(largest, new Extent(Math.Log2(SizeBudget.LongestPadding), 0));
        return GrowthRules.Of(known?.Name ?? "") switch
        {
            GrowthRule.Largest => largest,
            GrowthRule.Sum => Extent.Sum(arguments),
            GrowthRule.Product => Replacement(call, arguments),
            GrowthRule.Escaping => largest.Times(GrowthRules.Escaping),
        };
    }

    /// <summary>Of a constant by a constant, what one replacement adds; otherwise each piece may become all of the other.</summary>
    private static Extent Replacement(TreeValue.Node call, IReadOnlyList<Extent> arguments)
    {
        if (arguments.Count == 3 && SizeBudget.ConstantText(call, 1) is { Length: > 0 } from && SizeBudget.ConstantText(call, 2) is { } to)
            return arguments[0].Times(Math.Log2(Math.Max(1, (double)to.Length / from.Length)));
        return arguments.Aggregate(default(Extent), Extent.Product);
    }

    private IReadOnlyList<Extent> Arguments(TreeValue.Node node, string field) => node.Field(field) is TreeValue.Items list ? [.. list.Values.Select(Of)] : [];

    /// <summary>What a column is made of: followed into subqueries, joins, functions, lists of values and common table expressions.</summary>
    private Extent Variable(TreeValue.Node variable)
    {
        if (Fixed.Contains(Number(variable, "vartype")))
            return new Extent(Stored, 0);
        var (number, level) = (Number(variable, "varattno"), Number(variable, "varlevelsup"));
        if (EntryAt(Number(variable, "varno"), level) is not { } entry)
            return new Extent(Stored, 0);
        if (entry.Field("self_reference") is TreeValue.Word { Text: "true" })
            return new Extent(Stored, 1);
        return At(level, () => entry switch
        {
            _ when entry.Field("subquery") is TreeValue.Node query => Pick(Columns(query), number),
            _ when entry.Field("joinaliasvars") is TreeValue.Items joined => number == 0 ? Of(joined) : Of(joined.Values.ElementAtOrDefault(number - 1)),
            _ when entry.Field("functions") is { } functions => Of(functions),
            _ when entry.Field("values_lists") is { } lists => Of(lists),
            _ when entry.Field("ctename") is TreeValue.Word name => Pick(Common(name.Text, Number(entry, "ctelevelsup")), number),
            _ => new Extent(Stored, 0),
        });
    }

    private static Extent Pick(IReadOnlyList<Extent> columns, int number) =>
        number <= 0 || number > columns.Count ? Extent.Sum([.. columns, new Extent(Stored, 0)]) : columns[number - 1];

    private IReadOnlyList<Extent> Common(string name, int level)
    {
        var index = _queries.Count - 1 - level;
        var expression = index < 0 ? null : Nodes(_queries[index].Field("cteList")).FirstOrDefault(one => one.Field("ctename") is TreeValue.Word word && word.Text == name);
        return expression?.Field("ctequery") is TreeValue.Node query ? At(level, () => Columns(query)) : [];
    }

    /// <summary>Looks from an outer query, as many levels up as said.</summary>
    private T At<T>(int level, Func<T> look)
    {
        var inner = _queries.GetRange(_queries.Count - level, level);
        _queries.RemoveRange(_queries.Count - level, level);
        var found = look();
        _queries.AddRange(inner);
        return found;
    }

    private TreeValue.Node? EntryAt(int number, int level)
    {
        var index = _queries.Count - 1 - level;
        return index < 0 ? null : Nodes(_queries[index].Field("rtable")).ElementAtOrDefault(number - 1);
    }

    private static IEnumerable<TreeValue.Node> Nodes(TreeValue? value) => value is TreeValue.Items list ? list.Values.OfType<TreeValue.Node>() : [];

    private static int Number(TreeValue.Node node, string field) =>
        node.Field(field) is TreeValue.Word word && int.TryParse(word.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
