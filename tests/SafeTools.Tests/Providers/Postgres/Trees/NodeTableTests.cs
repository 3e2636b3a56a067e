using SafeTools.Providers.Postgres;

namespace SafeTools.Tests.Providers.Postgres.Trees;

public sealed class NodeTableTests
{
    [Theory]
    [InlineData(12)]
    [InlineData(99)]
    public void Of_UnknownMajor_IsNone(int major) => NodeTable.Of(major).Should().BeNull();

    [Fact]
    public void Of_EveryKnownMajor_ParsesAndHasAQuery() =>
        NodeTable.Majors.Where(major => NodeTable.Of(major)!.TryNode("QUERY", out _)).Should().NotBeEmpty().And.Equal(NodeTable.Majors);

    [Theory]
    [InlineData("ROWMARKCLAUSE")]
    [InlineData("MERGEACTION")]
    [InlineData("XMLEXPR")]
    [InlineData("TABLEFUNC")]
    [InlineData("NEXTVALUEEXPR")]
    [InlineData("CURRENTOFEXPR")]
    [InlineData("FIELDSTORE")]
    [InlineData("INTOCLAUSE")]
    public void TryNode_WhatNoReadNeeds_IsUnknown(string name) =>
        NodeTable.Majors.Where(major => NodeTable.Of(major)!.TryNode(name, out _)).Should().BeEmpty();
}
