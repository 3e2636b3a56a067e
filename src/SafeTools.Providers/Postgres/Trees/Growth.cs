using System.Collections.Frozen;
using System.Globalization;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// What a statement could make of little: how large a value may become that it computes from what is stored, how much work one expression may be, and how
/// many nodes its expressions have once the planner has put subqueries in the place of their columns. The server bounds a value only at 1 GB, each step of
/// <c>WITH a AS (SELECT v || v FROM b)</c> doubles it, and neither planning nor one expression listens to a cancel before it is done. So the steps are
/// followed through subqueries and common table expressions, and what goes beyond all that a read needs refuses. In a recursion a value may grow by steps
/// of the same size, but not by itself.
/// </summary>
internal sealed class Growth
{
    /// <summary>16 MB made of single bytes.</summary>
    public const double Most = 24;

    /// <summary>Nodes of all expressions together. A view of a hundred columns has some thousands.</summary>
    public const double MostNodes = 100_000;

    /// <summary>What a stored value counts as: 64 bytes. A larger one may grow as many times.</summary>
    private const double Stored = 6;

    private readonly Catalogue _catalogue;
    private readonly List<TreeValue.Node> _queries = [];
    private readonly Dictionary<TreeValue.Node, IReadOnlyList<Extent>> _columns = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<TreeValue.Node, double> _weights = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<TreeValue, Extent> _shared = new(ReferenceEqualityComparer.Instance);
    private readonly List<double> _gathered = [];
    private double _most;
    private double _work;
    private bool _byItself;
    private bool _distinguishes;

    private Growth(Catalogue catalogue) => _catalogue = catalogue;

    /// <summary>Null where nothing grows too much.</summary>
    /// <param name="width">How wide one gathered row is at most, as a power of two; 0 where nothing is gathered.</param>
    /// <param name="distinguishes">A recursion keeps all its rows in memory to tell new ones from old.</param>
    public static Refusal? Check(TreeValue.Node query, Catalogue catalogue, out double width, out bool distinguishes)
    {
        var growth = new Growth(catalogue);
        growth.Columns(query);
        width = growth._gathered.Count == 0 ? 0 : Math.Log2(growth._gathered.Sum(power => Math.Pow(2, power)));
        distinguishes = growth._distinguishes;
        return growth._byItself ? RefusalCatalog.StatementTooCostly.Because("The statement makes a value grow by itself in a recursion.")
            : growth._most > Most ? RefusalCatalog.StatementTooCostly.Because("The statement makes a value many times longer than what it is made of.")
            : growth._weights[query] > MostNodes ? RefusalCatalog.StatementTooCostly.Because("The statement uses what its subqueries compute again and again, which multiplies.")
            : growth._work > Work.Most ? RefusalCatalog.StatementTooCostly.Because("The statement compares or converts values that are large in themselves. Narrow them first.")
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
        var nodes = 1.0;
        foreach (var field in query.Fields.Where(field => field.Key is not ("targetList" or "cteList" or "rtable")))
            nodes += Of(field.Value).Nodes;
        foreach (var expression in Nodes(query.Field("cteList")))
            nodes += Recursion(expression);
        foreach (var entry in Nodes(query.Field("rtable")))
            nodes += Entry(entry);
        var targets = Nodes(query.Field("targetList")).Select(target => Of(target.Field("expr"))).ToList();
        // A union's columns come from its parts.
        var columns = query.Field("setOperations") is TreeValue.Node operation ? Parts(operation) : targets;
        _queries.RemoveAt(_queries.Count - 1);
        _weights[query] = nodes + targets.Sum(target => target.Nodes);
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

    private double Recursion(TreeValue.Node expression)
    {
        if (expression.Field("ctequery") is not TreeValue.Node query)
            return 0;
        var columns = Columns(query);
        if (expression.Field("cterecursive") is TreeValue.Word { Text: "true" })
        {
            _byItself |= columns.Any(column => column.Selves > 1);
            _distinguishes |= query.Field("setOperations") is TreeValue.Node operation && operation.Field("all") is not TreeValue.Word { Text: "true" };
        }

        return _weights.GetValueOrDefault(query);
    }

    private double Entry(TreeValue.Node entry) => entry.Fields.Where(field => field.Key is not "joinaliasvars").Sum(field => Of(field.Value).Nodes);

    /// <summary>The extent of an expression.</summary>
    private Extent Of(TreeValue? value)
    {
        var extent = value switch
        {
            TreeValue.Node { Name: "QUERY" } query => Columns(query).Aggregate(default(Extent), Extent.Larger) with { Nodes = _weights.GetValueOrDefault(query) },
            TreeValue.Node { Name: "CONST" } constant => Extent.OfSize(constant.Field("constvalue") is TreeValue.Bytes bytes ? Math.Log2(bytes.Values.Count + 1) : 0),
            TreeValue.Node { Name: "VAR" } variable => Variable(variable),
            TreeValue.Node { Name: "FUNCEXPR" } call => Call(call, "funcid", "funcresulttype"),
            TreeValue.Node { Name: "OPEXPR" or "DISTINCTEXPR" or "NULLIFEXPR" } call => Call(call, "opfuncid", "opresulttype"),
            TreeValue.Node { Name: "SCALARARRAYOPEXPR" } call => Call(call, "opfuncid", ""),
            TreeValue.Node { Name: "AGGREF" } aggregate => Aggregate(aggregate, "aggfnoid", "aggtype"),
            TreeValue.Node { Name: "WINDOWFUNC" } aggregate => Aggregate(aggregate, "winfnoid", "wintype"),
            TreeValue.Node { Name: "SUBLINK" } link => Link(link),
            TreeValue.Node { Name: "ARRAYEXPR" or "ROWEXPR" } made => Extent.Sum(Arguments(made, made.Name == "ROWEXPR" ? "args" : "elements")).Wrapped(),
            TreeValue.Node { Name: "COERCEVIAIO" } conversion => Conversion(conversion),
            TreeValue.Node node => node.Fields.Select(field => Of(field.Value)).Aggregate(default(Extent), Extent.Larger).Wrapped(),
            TreeValue.Items { Kind: "" } list => list.Values.Select(Of).Aggregate(default(Extent), Extent.Larger),
            _ => default,
        };
        _most = Math.Max(_most, extent.Power);
        return extent;
    }

    private Extent Conversion(TreeValue.Node conversion)
    {
        var from = Of(conversion.Field("arg")).Times(GrowthRules.Escaping).Wrapped();
        _work += Math.Pow(2, from.Bulk);
        return Settled(from, Number(conversion, "resulttype"));
    }

    private Extent Call(TreeValue.Node call, string functionField, string typeField)
    {
        var arguments = Arguments(call, "args");
        var known = _catalogue.Functions.GetValueOrDefault((uint)Number(call, functionField));
        var name = known?.Name ?? "";
        _work += Work.Of(name, call, arguments);
        var size = Size(call, known, arguments) with { Nodes = arguments.Sum(argument => argument.Nodes) + 1 };
        return Number(call, typeField) == NumericExtent.Type ? NumericExtent.Of(name, call, arguments, size) : Settled(size, Number(call, typeField));
    }

    private static Extent Size(TreeValue.Node call, BuiltinFunction? known, IReadOnlyList<Extent> arguments)
    {
        var largest = arguments.Aggregate(default(Extent), Extent.Larger);
        if (known?.Use == FunctionUse.Repeats)
            return largest.Times(Math.Log2(Math.Max(1, SizeBudget.Constant(call, 1) ?? SizeBudget.MostRepetitions)));
        if (known?.Use is FunctionUse.Pads or FunctionUse.Draws)
            return Extent.Larger(largest, Extent.OfSize(Math.Log2(SizeBudget.LongestPadding)));
        return GrowthRules.Of(known?.Name ?? "") switch
        {
            GrowthRule.Largest => largest,
            GrowthRule.Sum => Extent.Sum(arguments),
            GrowthRule.Product => Replacement(call, arguments),
            GrowthRule.Escaping => largest.Times(GrowthRules.Escaping),
        };
    }

    /// <summary>A number or date is as large as it is, whatever it was computed from.</summary>
    private static Extent Settled(Extent extent, int type) => FixedSizes.Contains(type) ? extent.Sized(FixedSizes.Power) : extent;

    private Extent Aggregate(TreeValue.Node aggregate, string functionField, string typeField)
    {
        var arguments = Arguments(aggregate, "args");
        var rest = aggregate.Fields.Where(field => field.Key != "args").Select(field => Of(field.Value)).Aggregate(default(Extent), Extent.Larger);
        var sum = Extent.Sum(arguments);
        var nodes = sum.Nodes + rest.Nodes + 1;
        if (_catalogue.Functions.GetValueOrDefault((uint)Number(aggregate, functionField))?.Use == FunctionUse.Gathers)
        {
            _gathered.Add(sum.Bulk);
            return Extent.Larger(sum, rest).Gathered() with { Nodes = nodes };
        }

        var type = Number(aggregate, typeField);
        var size = Settled(Extent.Larger(sum, rest), type);
        return (type == NumericExtent.Type ? NumericExtent.Capped(size) : size) with { Nodes = nodes };
    }

    private Extent Link(TreeValue.Node link)
    {
        var extent = link.Fields.Select(field => Of(field.Value)).Aggregate(default(Extent), Extent.Larger).Wrapped();
        if (link.Field("subLinkType") is not TreeValue.Word { Text: TreeJudge.ArraySubLink } || link.Field("subselect") is not TreeValue.Node query)
            return extent;
        _gathered.Add(Extent.Sum(Columns(query)).Bulk);
        return extent.Gathered();
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
        var (number, level, type) = (Number(variable, "varattno"), Number(variable, "varlevelsup"), Number(variable, "vartype"));
        var extent = EntryAt(Number(variable, "varno"), level) is { } entry ? Column(entry, number, level) : Extent.OfSize(Stored);
        return type == NumericExtent.Type ? NumericExtent.Capped(extent) : Settled(extent, type);
    }

    private Extent Column(TreeValue.Node entry, int number, int level)
    {
        if (entry.Field("self_reference") is TreeValue.Word { Text: "true" })
            return Extent.OfSize(Stored, selves: 1);
        return At(level, () => entry switch
        {
            _ when entry.Field("subquery") is TreeValue.Node query => Pick(Columns(query), number),
            _ when entry.Field("joinaliasvars") is TreeValue.Items joined => number == 0 ? Shared(joined) : Shared(joined.Values.ElementAtOrDefault(number - 1)),
            _ when entry.Field("groupexprs") is TreeValue.Items grouped => Shared(grouped.Values.ElementAtOrDefault(number - 1)),
            _ when entry.Field("functions") is TreeValue.Items functions => Shared(functions) with { Nodes = 1 },
            _ when entry.Field("values_lists") is TreeValue.Items lists => Shared(lists),
            _ when entry.Field("ctename") is TreeValue.Word name => Common(name.Text, Number(entry, "ctelevelsup"), number),
            _ => Extent.OfSize(Stored),
        });
    }

    /// <summary>What several columns may refer to is looked at once.</summary>
    private Extent Shared(TreeValue? value)
    {
        if (value is null or TreeValue.Word or TreeValue.None)
            return Extent.OfSize(Stored);
        if (!_shared.TryGetValue(value, out var known))
        {
            _shared[value] = Extent.OfSize(Stored);
            _shared[value] = known = Of(value);
        }

        return known;
    }

    private static Extent Pick(IReadOnlyList<Extent> columns, int number) =>
        number <= 0 || number > columns.Count ? Extent.Sum([.. columns, Extent.OfSize(Stored)]) : columns[number - 1];

    /// <summary>A common table expression that is used once, and not held back, is put in the place of its use.</summary>
    private Extent Common(string name, int level, int number)
    {
        var index = _queries.Count - 1 - level;
        var expression = index < 0 ? null : Nodes(_queries[index].Field("cteList")).FirstOrDefault(one => one.Field("ctename") is TreeValue.Word word && word.Text == name);
        if (expression?.Field("ctequery") is not TreeValue.Node query)
            return Extent.OfSize(Stored);
        var column = Pick(At(level, () => Columns(query)), number);
        return Number(expression, "cterefcount") == 1 && Number(expression, "ctematerialized") == 0 ? column : column with { Nodes = 1 };
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

    /// <summary>Types whose values do not grow: numbers, dates and the like. A numeric does (<see cref="NumericExtent"/>).</summary>
    private static class FixedSizes
    {
        /// <summary>16 bytes.</summary>
        public const double Power = 4;

        private static readonly FrozenSet<int> Types = new[] { 16, 18, 20, 21, 23, 26, 700, 701, 1082, 1083, 1114, 1184, 1186, 1266, 2950, 600, 603, 718, 628 }.ToFrozenSet();

        public static bool Contains(int type) => Types.Contains(type);
    }
}
