using SafeTools.Providers.Postgres;

namespace SafeTools.Tests.Providers.Postgres.Trees;

/// <summary>Only exactly what the server writes is read; a name that is made to look like a tree is a name.</summary>
public sealed class TreeTextTests
{
    private static TreeValue.Node Read(string text) => TreeText.Read(text).Should().ContainSingle().Which.Should().BeOfType<TreeValue.Node>().Subject;

    private static Func<IReadOnlyList<TreeValue>> Reading(string text) => () => TreeText.Read(text);

    [Fact]
    public void Read_Node_HasItsFields()
    {
        var node = Read("({VAR :varno 1 :names (\"a\" \"b\") :cols (b 8 9) :oids (o 23) :none <> :inner {X :y z}})");
        node.Name.Should().Be("VAR");
        node.Field("varno").Should().Be(new TreeValue.Word("1"));
        node.Field("none").Should().Be(TreeValue.None.Value);
        node.Field("cols").Should().BeOfType<TreeValue.Items>().Which.Kind.Should().Be("b");
        node.Field("inner").Should().BeOfType<TreeValue.Node>().Which.Field("y").Should().Be(new TreeValue.Word("z"));
        node.Field("missing").Should().BeNull();
    }

    [Fact]
    public void Read_Constant_HasItsBytes() =>
        Read("({CONST :constvalue 4 [ 5 0 -1 0 ]})").Field("constvalue").Should().BeOfType<TreeValue.Bytes>().Which.Values.Should().Equal(5, 0, 255, 0);

    [Theory]
    [InlineData(@"({A :resname a\ b\}\{\(\)\\ :x 1})", @"a b}{()\")]
    [InlineData(@"({A :resname :expr :x 1})", ":expr")]
    [InlineData(@"({A :resname \<> :x 1})", "<>")]
    public void Read_NameLikeATree_IsAName(string text, string name)
    {
        var node = Read(text);
        node.Field("resname").Should().Be(new TreeValue.Word(name));
        node.Field("x").Should().Be(new TreeValue.Word("1"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("({A :x 1)")]
    [InlineData("({A :x 1}) ({B})")]
    [InlineData("({A x 1})")]
    [InlineData("({A :x })")]
    [InlineData("({a :x 1})")]
    [InlineData("({A :x (1})")]
    [InlineData("({A :x! 1})")]
    [InlineData("({CONST :constvalue 4 5 0 0 0})")]
    [InlineData("({CONST :constvalue 4 [ 900 ]})")]
    [InlineData("({CONST :constvalue x [ 1 ]})")]
    public void Read_AnythingElse_Refuses(string text) => Reading(text).Should().Throw<FormatException>();

    [Fact]
    public void Read_FoldedAtASpace_IsTheSame() =>
        Read("({A :x 1\n:y\n2})").Field("y").Should().Be(new TreeValue.Word("2"));

    [Fact]
    public void Read_WordFoldedInTheMiddle_Refuses()
    {
        // 78 bytes without a space: the server may have cut it behind a backslash, and what follows would no longer be escaped.
        Reading($"({{A :resname\n{new string('a', 78)}\nb :x 1}})").Should().Throw<FormatException>();
        Reading($"({{A :resname\n{new string('a', 77)} :x 1}})").Should().NotThrow();
    }

    [Fact]
    public void Read_VeryDeep_Refuses() =>
        Reading(string.Concat(Enumerable.Repeat("(", 5000)) + string.Concat(Enumerable.Repeat(")", 5000))).Should().Throw<FormatException>();
}
