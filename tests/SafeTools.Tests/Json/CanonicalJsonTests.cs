using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;

namespace SafeTools.Tests.Json;

public class CanonicalJsonTests
{
    /// <summary>RFC 8785 appendix B: IEEE 754 bits and their one text.</summary>
    [Theory]
    [InlineData("0000000000000000", "0")]
    [InlineData("8000000000000000", "0")]
    [InlineData("0000000000000001", "5e-324")]
    [InlineData("8000000000000001", "-5e-324")]
    [InlineData("7fefffffffffffff", "1.7976931348623157e+308")]
    [InlineData("ffefffffffffffff", "-1.7976931348623157e+308")]
    [InlineData("4340000000000000", "9007199254740992")]
    [InlineData("c340000000000000", "-9007199254740992")]
    [InlineData("4430000000000000", "295147905179352830000")]
    [InlineData("44b52d02c7e14af5", "9.999999999999997e+22")]
    [InlineData("44b52d02c7e14af6", "1e+23")]
    [InlineData("44b52d02c7e14af7", "1.0000000000000001e+23")]
    [InlineData("444b1ae4d6e2ef4e", "999999999999999700000")]
    [InlineData("444b1ae4d6e2ef4f", "999999999999999900000")]
    [InlineData("444b1ae4d6e2ef50", "1e+21")]
    [InlineData("3eb0c6f7a0b5ed8c", "9.999999999999997e-7")]
    [InlineData("3eb0c6f7a0b5ed8d", "0.000001")]
    [InlineData("41b3de4355555553", "333333333.3333332")]
    [InlineData("41b3de4355555554", "333333333.33333325")]
    [InlineData("41b3de4355555555", "333333333.3333333")]
    [InlineData("41b3de4355555556", "333333333.3333334")]
    [InlineData("41b3de4355555557", "333333333.33333343")]
    [InlineData("becbf647612f3696", "-0.0000033333333333333333")]
    [InlineData("43143ff3c1cb0959", "1424953923781206.2")]
    public void Text_Number_IsTheOneEcmaScriptForm(string bits, string text) =>
        CanonicalJson.Text(JsonValue.Create(BitConverter.Int64BitsToDouble(Convert.ToInt64(bits, 16)))).Should().Be(text);

    [Theory]
    [InlineData("1e0", "1")]
    [InlineData("100", "100")]
    [InlineData("0.10", "0.1")]
    [InlineData("120.5e1", "1205")]
    [InlineData("1E-7", "1e-7")]
    [InlineData("123456789012", "123456789012")]
    public void Text_NumberWrittenAnotherWay_IsTheSame(string written, string text) => CanonicalJson.Text(JsonNode.Parse(written)).Should().Be(text);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Text_NumberThatIsNone_Throws(double number)
    {
        var text = () => CanonicalJson.Text(JsonNode.Parse(number > 0 ? "1e999" : "-1e999"));
        text.Should().Throw<FormatException>();
    }

    /// <summary>RFC 8785 §3.2.3.</summary>
    [Fact]
    public void Text_Keys_AreSortedByUtf16CodeUnits()
    {
        var map = new JsonObject
        {
            ["\u20ac"] = "Euro Sign",
            ["\r"] = "Carriage Return",
            ["\ufb33"] = "Hebrew Letter Dalet With Dagesh",
            ["1"] = "One",
            ["\ud83d\ude00"] = "Emoji: Grinning Face",
            ["\u0080"] = "Control",
            ["\u00f6"] = "Latin Small Letter O With Diaeresis",
        };
        CanonicalJson.Text(map).Should().Be(
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
            + "\"\ud83d\ude00\":\"Emoji: Grinning Face\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
    }

    [Fact]
    public void Text_String_EscapesOnlyWhatItMust() =>
        CanonicalJson.Text(JsonValue.Create("\u20ac$\u000f\nA'B\"\\\\\"/\b\t\f\r\u007f\u2028<")).Should().Be("\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\\b\\t\\f\\r\u007f\u2028<\"");

    [Theory]
    [InlineData(0xD800)]
    [InlineData(0x61, 0xDC00, 0x62)]
    [InlineData(0xD83D, 0xD83D, 0xDE00)]
    public void Text_HalfASurrogatePair_Throws(params int[] units)
    {
        var broken = string.Concat(units.Select(unit => (char)unit));
        var value = () => CanonicalJson.Text(JsonValue.Create(broken));
        var key = () => CanonicalJson.Text(new JsonObject { [broken] = 1 });
        value.Should().Throw<FormatException>();
        key.Should().Throw<FormatException>();
    }

    [Fact]
    public void Text_Literals_AreThemselves() => CanonicalJson.Text(JsonNode.Parse(" [ null , true,\tfalse, { } , [ ] ]")).Should().Be("[null,true,false,{},[]]");

    [Fact]
    public void Text_AnyTree_ReadsBackEqual() =>
        Prop.ForAll(Trees().ToArbitrary(), tree => JsonNode.DeepEquals(JsonNode.Parse(CanonicalJson.Text(tree)), tree)).QuickCheckThrowOnFailure();

    [Fact]
    public void Text_OfItsOwnResult_IsTheSame() =>
        Prop.ForAll(Trees().ToArbitrary(), tree => CanonicalJson.Text(JsonNode.Parse(CanonicalJson.Text(tree))) == CanonicalJson.Text(tree)).QuickCheckThrowOnFailure();

    [Fact]
    public void Text_KeysInAnotherOrder_IsTheSame() =>
        Prop.ForAll(Trees().ToArbitrary(), tree => CanonicalJson.Text(Reversed(tree)) == CanonicalJson.Text(tree)).QuickCheckThrowOnFailure();

    [Fact]
    public void Text_AnyDouble_ReadsBackToTheSameBits() =>
        Prop.ForAll(ArbMap.Default.ArbFor<long>(), bits =>
        {
            var number = BitConverter.Int64BitsToDouble(bits);
            return !double.IsFinite(number) || double.Parse(CanonicalJson.Text(JsonValue.Create(number)), System.Globalization.CultureInfo.InvariantCulture) == number;
        }).QuickCheckThrowOnFailure();

    private static JsonNode? Reversed(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Reverse().Select(entry => KeyValuePair.Create(entry.Key, Reversed(entry.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Reversed)]),
        _ => node?.DeepClone(),
    };

    private static Gen<JsonNode?> Trees() => Gen.Sized(size => Tree(Math.Min(size, 20)));

    private static Gen<string> Texts() => Gen.Choose(0, 0x10FFFF).Where(value => value is < 0xD800 or > 0xDFFF).Select(value => new Rune(value).ToString())
        .ArrayOf().Select(runes => string.Concat(runes.Take(6)));

    private static Gen<JsonNode?> Tree(int size)
    {
        var leaf = Gen.OneOf(
            Gen.Constant<JsonNode?>(null),
            ArbMap.Default.GeneratorFor<bool>().Select(flag => (JsonNode?)JsonValue.Create(flag)),
            ArbMap.Default.GeneratorFor<int>().Select(number => (JsonNode?)JsonValue.Create(number)),
            ArbMap.Default.GeneratorFor<double>().Where(double.IsFinite).Select(number => (JsonNode?)JsonValue.Create(number)),
            Texts().Select(text => (JsonNode?)JsonValue.Create(text)));
        if (size <= 1)
        {
            return leaf;
        }

        var children = Tree(size / 3).ArrayOf().Select(nodes => nodes.Take(4).ToArray());
        return Gen.OneOf(
            leaf,
            children.Select(nodes => (JsonNode?)new JsonArray([.. nodes.Select(node => node?.DeepClone())])),
            children.SelectMany(
                nodes => Texts().ArrayOf(nodes.Length),
                (nodes, keys) => (JsonNode?)new JsonObject(nodes.Zip(keys).DistinctBy(pair => pair.Second).Select(pair => KeyValuePair.Create(pair.Second, pair.First?.DeepClone())))));
    }
}
