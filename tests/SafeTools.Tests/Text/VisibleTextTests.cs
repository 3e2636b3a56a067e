namespace SafeTools.Tests.Text;

public class VisibleTextTests
{
    [Theory]
    [InlineData(0x202E)] // right-to-left override
    [InlineData(0x2066)] // isolate
    [InlineData(0x200F)]
    [InlineData(0x200B)] // zero width space
    [InlineData(0x200D)]
    [InlineData(0xFEFF)]
    [InlineData(0x00AD)] // soft hyphen
    [InlineData(0x001B)] // escape
    [InlineData(0x009B)] // one-byte CSI
    [InlineData(0x0007)]
    [InlineData(0x0000)]
    [InlineData(0x007F)]
    [InlineData(0x2028)]
    [InlineData(0x2029)]
    [InlineData(0x00A0)]
    [InlineData(0x3000)]
    [InlineData(0xE0001)] // tags
    [InlineData(0xE0041)]
    [InlineData(0xE000)] // private use
    [InlineData(0x0378)] // unassigned
    [InlineData(0xFE0F)] // variation selectors
    [InlineData(0xE0100)]
    [InlineData(0xE01EF)]
    [InlineData(0x034F)]
    [InlineData(0x180B)]
    [InlineData(0x17B4)]
    [InlineData(0x115F)]
    [InlineData(0x3164)]
    [InlineData(0xFFA0)]
    [InlineData(0x2800)]
    public void Line_CharacterThatActsOrHides_IsShownAsAnEscape(int value) =>
        VisibleText.Line($"a{char.ConvertFromUtf32(value)}b", 100).Should().Be($"a\\u{{{value:x}}}b");

    [Fact]
    public void Line_TerminalSequence_ActsNoMore() => VisibleText.Line("\u001b[2J\u001b]0;x\u0007", 100).Should().Be("\\u{1b}[2J\\u{1b}]0;x\\u{7}");

    [Fact]
    public void Line_LineBreaks_AreEscaped() => VisibleText.Line("a\nb\r\tc", 100).Should().Be("a\\u{a}b\\u{d}\\u{9}c");

    [Fact]
    public void Block_LineFeedsAndTabs_Stay() => VisibleText.Block("a\n\tb\r", 100).Should().Be("a\n\tb\\u{d}");

    [Theory]
    [InlineData("plain text, 1-2_3")]
    [InlineData("Grüße, 東京, عربي, ελληνικά")]
    [InlineData("e\u0301")]
    public void Line_ReadableText_StaysAsItIs(string text) => VisibleText.Line(text, 100).Should().Be(text);

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "abc…")]
    [InlineData("", 0, "")]
    [InlineData("a", 0, "…")]
    public void Line_Long_IsCutVisibly(string text, int longest, string shown) => VisibleText.Line(text, longest).Should().Be(shown);

    [Fact]
    public void Line_CutInsideAPair_LeavesNoHalf() => VisibleText.Line("ab\U0001F600", 3).Should().Be("ab…");

    [Fact]
    public void Line_FloodOfCombiningMarks_IsBounded() => VisibleText.Line("a" + new string('\u0301', 10_000), 64).Should().HaveLength(65).And.EndWith("…");

    [Fact]
    public void Line_HalfASurrogatePair_IsReplaced() => VisibleText.Line("a" + (char)0xD800 + "b", 10).Should().Be("a\uFFFDb");
}
