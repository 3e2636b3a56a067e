using System.Collections.Frozen;
using SafeTools.Providers.Postgres;

namespace SafeTools.Tests.Providers.Postgres.Trees;

/// <summary>What is not known refuses, tried on trees that no server of today writes.</summary>
public sealed class TreeJudgeTests
{
    private static readonly Catalogue Catalogue = new()
    {
        Stamp = "",
        Major = 15,
        Functions = new Dictionary<uint, BuiltinFunction> { [10] = new("lower", FunctionUse.Free), [11] = new("set_config", null), [12] = new("current_setting", FunctionUse.InPolicies) }.ToFrozenDictionary(),
        Operators = FrozenSet<uint>.Empty,
        Types = new Dictionary<uint, string?> { [25] = null, [99] = "a bad type" }.ToFrozenDictionary(),
        Spreads = FrozenDictionary<string, RelationSpread>.Empty,
        Relations = new Dictionary<uint, RelationFacts> { [500] = new("shop.people", null, new HashSet<int> { 3 }) }.ToFrozenDictionary(),
        SamplingMethods = FrozenSet<uint>.Empty,
        ResultTypes = FrozenDictionary<uint, CatalogType>.Empty,
        Hazards = FrozenSet<string>.Empty,
    };

    private static string? Judge(string tree, Catalogue? catalogue = null) => TreeJudge.Judge(TreeText.Read(tree), catalogue ?? Catalogue, signed: false).Refusal?.Code.Id;

    private static string Query(string fields) => $"({{QUERY :commandType 1 {fields}}})";

    [Fact]
    public void Judge_PlainQuery_Passes() => Judge(Query(":targetList ({TARGETENTRY :expr {FUNCEXPR :funcid 10 :funcresulttype 25 :args <>}})")).Should().BeNull();

    [Theory]
    [InlineData("({QUERY :commandType 4})")]
    [InlineData("({QUERY :commandType 6 :utilityStmt ?})")]
    [InlineData("({QUERY :commandType 1} {QUERY :commandType 1})")]
    [InlineData("({VAR :varno 1})")]
    [InlineData("<>")]
    [InlineData("({QUERY :commandType 1 :hasModifyingCTE true})")]
    [InlineData("({QUERY :commandType 1 :rowMarks ({ROWMARKCLAUSE :rti 1})})")]
    [InlineData("({QUERY :commandType 1 :returningList ({TARGETENTRY})})")]
    [InlineData("({QUERY :commandType 1 :rtable ({RANGETBLENTRY :rtekind 0 :relid 500 :requiredPerms 10})})")]
    [InlineData("({QUERY :commandType 1 :rtable ({RANGETBLENTRY :rtekind 0 :relid 500 :insertedCols (b 8)})})")]
    public void Judge_NotOneRead_Refuses(string tree) => Judge(tree).Should().Be("ST1602");

    [Theory]
    [InlineData(":targetList ({TARGETENTRY :expr {FUNCEXPR :funcid 11}})")]
    [InlineData(":targetList ({TARGETENTRY :expr {FUNCEXPR :funcid 12}})")]
    [InlineData(":targetList ({TARGETENTRY :expr {FUNCEXPR :funcid 4711}})")]
    [InlineData(":targetList ({TARGETENTRY :expr {OPEXPR :opno 1 :opfuncid 10}})")]
    [InlineData(":targetList ({TARGETENTRY :expr {CONST :consttype 99}})")]
    [InlineData(":targetList ({TARGETENTRY :expr {CONST :consttype 98}})")]
    [InlineData(":targetList ({TARGETENTRY :expr {NEWKINDOFEXPR}})")]
    [InlineData(":rtable ({RANGETBLENTRY :rtekind 0 :relid 1259})")]
    [InlineData(":rtable ({RANGETBLENTRY :rtekind 0 :relid 500 :relkind f})")]
    [InlineData(":rtable ({RANGETBLENTRY :rtekind 4})")]
    [InlineData(":rtable ({RANGETBLENTRY :rtekind 0 :relid 500 :tablesample {TABLESAMPLECLAUSE :tsmhandler 3}})")]
    public void Judge_WhatIsNotOnTheList_Refuses(string fields) => Judge(Query(fields)).Should().Be("ST1605");

    [Theory]
    [InlineData(":newField 1")]
    [InlineData(":hasAggs {FUNCEXPR :funcid 11}")]
    [InlineData(":targetList 7")]
    [InlineData(":hasAggs false :hasAggs false")]
    [InlineData(":targetList ({TARGETENTRY :expr {FUNCEXPR :funcid x}})")]
    [InlineData(":targetList ({TARGETENTRY :expr {FUNCEXPR :funcid (i 10)}})")]
    [InlineData(":rtable ({RANGETBLENTRY :rtekind 0 :relid 500 :selectedCols 9})")]
    public void Judge_FormThatIsNotKnown_Refuses(string fields) => Judge(Query(fields)).Should().Be("ST2002");

    [Fact]
    public void Judge_UnknownMajor_Refuses() => Judge(Query(""), Catalogue with { Major = 99 }).Should().Be("ST2002");

    [Theory]
    [InlineData("(b 8)", null)]
    [InlineData("(b 8 9)", null)]
    [InlineData("(b 10)", "ST1606")]
    [InlineData("(b 7)", "ST1606")]
    [InlineData("<>", null)]
    public void Judge_MaskedColumn_Refuses(string columns, string? code) =>
        Judge(Query($":rtable ({{RANGETBLENTRY :rtekind 0 :relid 500 :selectedCols {columns}}})")).Should().Be(code);

    [Fact]
    public void Judge_SettingReadByAPolicy_Passes() =>
        Judge(Query(":rtable ({RANGETBLENTRY :rtekind 0 :relid 500 :selectedCols <> :securityQuals ({FUNCEXPR :funcid 12})})")).Should().BeNull();
}
