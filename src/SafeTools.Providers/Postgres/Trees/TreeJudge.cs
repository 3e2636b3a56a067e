using System.Globalization;

namespace SafeTools.Providers.Postgres;

/// <summary>
/// Layer c: judges the tree that the server made of a statement. Every node must be of a kind that reads are made of, with no field that is not known,
/// and every function, operator, type and relation in it must be on the database's allow list. Views, policies and defaults are expanded by then, so
/// what hides behind a name is judged too. Pure.
/// </summary>
internal sealed class TreeJudge
{
    private readonly NodeTable _nodes;
    private readonly Catalogue _catalogue;
    private readonly SizeBudget? _sizes;
    private bool _gathers;
    private int _policies;

    private TreeJudge(NodeTable nodes, Catalogue catalogue, SizeBudget? sizes) => (_nodes, _catalogue, _sizes) = (nodes, catalogue, sizes);

    /// <param name="trees">What one statement became; a read is exactly one query.</param>
    /// <param name="signed">An approver signed the statement's text, so how large its values may become is the approver's own business.</param>
    public static TreeVerdict Judge(IReadOnlyList<TreeValue> trees, Catalogue catalogue, bool signed)
    {
        if (NodeTable.Of(catalogue.Major) is not { } nodes)
            return new TreeVerdict(RefusalCatalog.ServerNotUnderstood.Because($"PostgreSQL {catalogue.Major} analyses statements in a form that is not known here."));
        if (trees is not [TreeValue.Node { Name: "QUERY" } query])
            return new TreeVerdict(RefusalCatalog.NotARead.Because("The statement is more or less than one query."));
        var judge = new TreeJudge(nodes, catalogue, signed ? null : new SizeBudget());
        if (judge.Node(query) is { } refusal)
            return new TreeVerdict(refusal);
        var costly = Growth.Check(query, catalogue, out var width, out var distinguishes);
        return new TreeVerdict(signed ? null : costly, judge._gathers, width, distinguishes);
    }

    /// <summary>Judges an expression on its own, such as a domain's check.</summary>
    public static Refusal? JudgeExpression(TreeValue expression, Catalogue catalogue) =>
        NodeTable.Of(catalogue.Major) is { } nodes && expression is TreeValue.Node node
            ? new TreeJudge(nodes, catalogue, new SizeBudget()).Node(node)
            : NotAllowed("an expression that is not understood");

    private Refusal? Node(TreeValue.Node node)
    {
        if (!_nodes.TryNode(node.Name, out var roles))
            return NotAllowed($"a construct that no read needs ({node.Name.ToLowerInvariant()})");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in node.Fields)
        {
            if (!roles.TryGetValue(name, out var role) || !seen.Add(name))
                return RefusalCatalog.ServerNotUnderstood.Because("The server's analysis of the statement has a form that is not known here.");
            var inPolicy = node.Name == "RANGETBLENTRY" && name == "securityQuals";
            _policies += inPolicy ? 1 : 0;
            var refusal = Field(node, name, role, value);
            _policies -= inPolicy ? 1 : 0;
            if (refusal is not null)
                return refusal;
        }

        return node.Name switch
        {
            "FUNCEXPR" => _sizes?.Check(node, UseOf(node)),
            "RANGETBLENTRY" or "RTEPERMISSIONINFO" => Masks(node),
            "CONST" => Path(node),
            // ARRAY(SELECT …) keeps every row that the query gives.
            "SUBLINK" => Gathering(node),
            _ => null,
        };
    }

    private Refusal? Gathering(TreeValue.Node link)
    {
        _gathers |= Text(link.Field("subLinkType")) == ArraySubLink;
        return null;
    }

    private Refusal? Field(TreeValue.Node node, string name, FieldRole role, TreeValue value) => role switch
    {
        FieldRole.Plain => IsPlain(value) ? null : Unexpected(),
        FieldRole.Nodes => Nodes(value),
        FieldRole.Constant => value is TreeValue.Bytes or TreeValue.None ? null : Unexpected(),
        FieldRole.OneOf fixedTo => fixedTo.Words.Contains(Text(value), StringComparer.Ordinal) ? null : Other(node.Name, name),
        FieldRole.Object { Kind: ObjectKind.Type } when node.Name != "CONST" && NamesAPath(value) =>
            RefusalCatalog.StatementTooCostly.Because("The statement computes a JSON path. Write it as a constant."),
        FieldRole.Object kind => Objects(kind.Kind, value),
        _ => Unexpected(),
    };

    private static bool NamesAPath(TreeValue value) => value switch
    {
        TreeValue.Word { Text: JsonPath.Type or JsonPath.ArrayType } => true,
        TreeValue.Items list => list.Values.Any(NamesAPath),
        _ => false,
    };

    /// <summary>The server keeps all that a path finds in memory, so it may not multiply.</summary>
    private static Refusal? Path(TreeValue.Node constant) => Text(constant.Field("consttype")) switch
    {
        JsonPath.Type when constant.Field("constvalue") is TreeValue.Bytes { Values: var bytes } && !JsonPath.IsModest(bytes) =>
            RefusalCatalog.StatementTooCostly.Because("The statement has a JSON path with more than one of **, several subscripts, and keyvalue()."),
        JsonPath.ArrayType => RefusalCatalog.StatementTooCostly.Because("The statement has a list of JSON paths. Use one."),
        _ => null,
    };

    private Refusal? Nodes(TreeValue value) => value switch
    {
        TreeValue.None => null,
        TreeValue.Node node => Node(node),
        TreeValue.Items { Kind: "" } list => list.Values.Select(Nodes).FirstOrDefault(refusal => refusal is not null),
        // The references of a plain grouping set.
        TreeValue.Items { Kind: "i" } numbers when IsPlain(numbers) => null,
        _ => Unexpected(),
    };

    private Refusal? Objects(ObjectKind kind, TreeValue value) => value switch
    {
        TreeValue.None => null,
        TreeValue.Items { Kind: "o" } list => list.Values.Select(item => Objects(kind, item)).FirstOrDefault(refusal => refusal is not null),
        TreeValue.Word word when uint.TryParse(word.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number == 0 ? null : Object(kind, number),
        _ => Unexpected(),
    };

    private Refusal? Object(ObjectKind kind, uint number) => kind switch
    {
        ObjectKind.Function => Function(number),
        ObjectKind.Operator => _catalogue.Operators.Contains(number) ? null : NotAllowed("an operator that is not built in"),
        ObjectKind.Type => !_catalogue.Types.TryGetValue(number, out var objection) ? NotAllowed("a type that is not known") : objection is null ? null : NotAllowed(objection),
        ObjectKind.Relation => Relation(number),
        ObjectKind.SamplingMethod => _catalogue.SamplingMethods.Contains(number) ? null : NotAllowed("a sampling method that is not built in"),
    };

    private Refusal? Function(uint number)
    {
        if (!_catalogue.Functions.TryGetValue(number, out var function))
            return NotAllowed("a function that is not built in");
        _gathers |= function.Use == FunctionUse.Gathers;
        return function.Use is null || (function.Use == FunctionUse.InPolicies && _policies == 0) ? NotAllowed($"the function {function.Name}") : null;
    }

    private Refusal? Relation(uint number)
    {
        if (!_catalogue.Relations.TryGetValue(number, out var relation))
            return NotAllowed("a table of the server's own catalogue");
        return relation.Objection is null ? null : NotAllowed(relation.Objection);
    }

    private FunctionUse? UseOf(TreeValue.Node node) =>
        uint.TryParse(Text(node.Field("funcid")), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? _catalogue.Functions.GetValueOrDefault(number)?.Use : null;

    /// <summary>
    /// <c>selectedCols</c> holds every column that the query, or a view around the table, touches, each eight more than its number
    /// (FirstLowInvalidHeapAttributeNumber); the whole row is column 0.
    /// </summary>
    private Refusal? Masks(TreeValue.Node entry)
    {
        if (!uint.TryParse(Text(entry.Field("relid")), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || _catalogue.Relations.GetValueOrDefault(number) is not { Masked.Count: > 0 } relation)
            return null;
        // From version 16 on, the entry says only where its columns are named.
        if (entry.Field("perminfoindex") is TreeValue.Word { Text: not "0" } || entry.Field("selectedCols") is TreeValue.None)
            return null;
        if (entry.Field("selectedCols") is not TreeValue.Items { Kind: "b" } columns)
            return Unexpected();
        foreach (var column in columns.Values)
        {
            if (!int.TryParse(Text(column), NumberStyles.None, CultureInfo.InvariantCulture, out var bit))
                return Unexpected();
            if (bit + FirstLowInvalidColumn is var attribute && (attribute == 0 || relation.Masked.Contains(attribute)))
                return RefusalCatalog.NotReadable.Because($"A column of {VisibleName(relation.Name)} is masked. Name the columns that you need instead of all of them.");
        }

        return null;
    }

    /// <summary>src/include/access/sysattr.h, FirstLowInvalidHeapAttributeNumber; the same from version 12 on.</summary>
    private const int FirstLowInvalidColumn = -7;

    /// <summary>src/include/nodes/primnodes.h, SubLinkType.</summary>
    public const string ArraySubLink = "6";

    private static string VisibleName(string name) => name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.') ? name : "the table";

    private static bool IsPlain(TreeValue value) => value switch
    {
        TreeValue.None or TreeValue.Word => true,
        TreeValue.Items list => list.Values.All(IsPlain),
        _ => false,
    };

    private static string Text(TreeValue? value) => value switch
    {
        TreeValue.Word word => word.Text,
        TreeValue.None or TreeValue.Items { Values.Count: 0 } => "<>",
        _ => "",
    };

    private static Refusal Other(string node, string field) => (node, field) switch
    {
        ("QUERY", "rowMarks" or "hasForUpdate") or ("RANGETBLENTRY" or "RTEPERMISSIONINFO", "rellockmode" or "requiredPerms") =>
            RefusalCatalog.NotARead.Because("The statement would lock or change rows."),
        ("QUERY", _) or ("RANGETBLENTRY" or "RTEPERMISSIONINFO", "insertedCols" or "updatedCols" or "extraUpdatedCols") => RefusalCatalog.NotARead.Because("The statement does more than read."),
        ("RANGETBLENTRY", "relkind") => NotAllowed("a foreign table, a sequence, or something else that is no plain table or view"),
        ("COMMONTABLEEXPR", _) => RefusalCatalog.StatementTooCostly.Because("WITH … AS NOT MATERIALIZED is not taken: each use would be analysed anew."),
        _ => NotAllowed($"a construct that no read needs ({node.ToLowerInvariant()} {field.ToLowerInvariant()})"),
    };

    private static Refusal NotAllowed(string what) => RefusalCatalog.NotOnTheAllowList.Because($"The statement, or a view that it uses, needs {what}, which is not allowed in a read.");

    private static Refusal Unexpected() => RefusalCatalog.ServerNotUnderstood.Because("The server's analysis of the statement has a form that is not known here.");
}
