using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace SafeTools.Tests.Configuration;

public class YamlReaderTests
{
    [Fact]
    public void Read_MapsListsAndScalars_RemembersLines()
    {
        var problems = new List<Problem>();
        var map = YamlReader.Read("f.yaml", "# comment\na: 1\nb:\n  - x\n  - \"y\"\n", problems)!;
        problems.Should().BeEmpty();
        map.Entries.Select(entry => (entry.Key, entry.Line)).Should().Equal(("a", 2), ("b", 3));
        ((ConfigNode.List)map.Entries[1].Value).Items.Cast<ConfigNode.Scalar>().Select(item => (item.Text, item.Line, item.Plain)).Should().Equal(("x", 4, true), ("y", 5, false));
    }

    [Theory]
    [InlineData("", 1, "empty")]
    [InlineData("# only a comment\n", 1, "empty")]
    [InlineData("just words", 1, "must be a map")]
    [InlineData("- a\n- b\n", 1, "must be a map")]
    [InlineData("a: 1\nb: 2\na: 3\n", 3, "stands twice (first in line 1)")]
    [InlineData("a: 1\nb:\n  c: 1\n  \"c\": 2\n", 4, "stands twice (first in line 3)")]
    [InlineData("a: &x 1\n", 1, "Anchors")]
    [InlineData("a: 1\nb: *x\n", 2, "Anchors")]
    [InlineData("a: &x\n  b: 1\n", 1, "Anchors")]
    [InlineData("a: !!int 1\n", 1, "Tags")]
    [InlineData("a: 1\nb: !secret x\n", 2, "Tags")]
    [InlineData("a: 1\n---\nb: 2\n", 2, "Only one YAML document")]
    [InlineData("a: 1\n...\n---\nb: 2\n", 3, "Only one YAML document")]
    [InlineData("a: 1\n[b]: 2\n", 1, "Keys must be plain words")]
    [InlineData("a: 1\nb: [1, 2\n", 3, "Not valid YAML")]
    [InlineData("a: 1\n\tb: 2\n", 1, "Not valid YAML")]
    [InlineData("a: 1\nb: \"\\0\"\n", 2, "zero character")]
    [InlineData("a: 1\nb: \"\\uD800\"\n", 2, "Unicode")]
    [InlineData("a: 1\n\"\\uDC00\": 2\n", 2, "Unicode")]
    public void Read_WhatConfigurationDoesNotNeed_NamesTheLine(string text, int line, string fault)
    {
        var problems = new List<Problem>();
        YamlReader.Read("f.yaml", text, problems).Should().BeNull();
        problems.Should().ContainSingle().Which.Should().Match<Problem>(problem => problem.File == "f.yaml" && problem.Line == line && problem.Message.Contains(fault));
    }

    [Fact]
    public void Read_SixteenLevels_IsDeepest()
    {
        var problems = new List<Problem>();
        YamlReader.Read("f.yaml", Nested(15), problems).Should().NotBeNull();
        YamlReader.Read("f.yaml", Nested(16), problems).Should().BeNull();
        problems.Should().ContainSingle().Which.Message.Should().Contain("deeper than 16");
    }

    [Fact]
    public void Read_EndlessNesting_RefusesWithoutOverflow()
    {
        var problems = new List<Problem>();
        YamlReader.Read("f.yaml", "a: " + new string('[', 100_000), problems).Should().BeNull();
        problems.Should().ContainSingle();
    }

    [Fact]
    public void Read_LongFile_Refuses()
    {
        var problems = new List<Problem>();
        YamlReader.Read("f.yaml", "a: " + new string('x', 300_000), problems).Should().BeNull();
        problems.Should().ContainSingle().Which.Message.Should().Contain("longer than");
    }

    [Theory]
    [InlineData("%TAG !\n---\na: 1\n")]
    [InlineData("%TAG ! \n---\na: 1\n")]
    [InlineData("%TAG\n---\na: 1\n")]
    [InlineData("%TAG !e!\n---\na: 1\n")]
    [InlineData("%TAG ! %\n---\na: 1\n")]
    [InlineData("%TAG ! %FF\n---\na: 1\n")]
    [InlineData("%YAML\n---\na: 1\n")]
    [InlineData("%YAML 99999999999.1\n---\na: 1\n")]
    [InlineData("%")]
    [InlineData("a: !<\n")]
    [InlineData("a: \"\\U99999999\"\n")]
    [InlineData("a: \"\\x\"\n")]
    [InlineData("? ? ?\n")]
    public void Read_WhatTheParserTripsOver_RefusesWithFileAndLine(string text)
    {
        var problems = new List<Problem>();
        YamlReader.Read("f.yaml", text, problems).Should().BeNull();
        problems.Should().ContainSingle().Which.Should().Match<Problem>(problem => problem.File == "f.yaml" && problem.Line >= 1);
    }

    [Fact]
    public void Read_AnyText_IsReadOrRefusedWithoutThrowing()
    {
        string[] parts = ["%", "%TAG ", "%YAML ", "1.1", "!", "!e!", "!<", ">", "|", "+", "9", "---", "...", "\n", "\n  ", "\t", "a", ": ", "- ", "? ", "[", "]", "{", "}", ",", "\"", "'", "\\", "\\U", "\\x", "&", "*", "#", "@", "`", "%FF", "\u2028", "\uFEFF", "\r"];
        var text = Gen.Elements(parts).ArrayOf().Select(string.Concat)
            .Or(Gen.Choose(32, 126).Select(code => (char)code).ArrayOf().Select(letters => new string(letters)));
        Prop.ForAll(Arb.From(text), yaml =>
        {
            var problems = new List<Problem>();
            var read = YamlReader.Read("f.yaml", yaml, problems);
            return read is null ? problems is [{ File: "f.yaml", Line: >= 1 }] : problems.Count == 0;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000).WithStartSize(1).WithEndSize(30));
    }

    private static string Nested(int levels)
    {
        var text = new StringBuilder();
        for (var level = 0; level < levels; level++)
        {
            text.Append(' ', level * 2).Append(level == levels - 1 ? "k: v\n" : "k:\n");
        }

        return text.ToString();
    }
}
