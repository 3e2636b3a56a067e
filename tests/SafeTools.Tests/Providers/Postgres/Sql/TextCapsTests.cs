using SafeTools.Providers.Postgres;

namespace SafeTools.Tests.Providers.Postgres.Sql;

/// <summary>Layer b: what is refused before a byte of it is sent.</summary>
public sealed class TextCapsTests
{
    private static string Judge(string sql) => TextCaps.TryRead(sql, out _, out var refusal) ? "sent" : refusal.Code.Id;

    private static string Repeated(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    [Theory]
    [InlineData("select 1")]
    [InlineData("(select 1) union all (select 2)")]
    [InlineData("with a as (select 1) select * from a;")]
    [InlineData("values (1), (2)")]
    [InlineData("table shop.orders")]
    [InlineData("select 1 ;;; -- note\n /* more */ ;")]
    [InlineData("  /* first */ select 1")]
    public void TryRead_OneRead_IsSent(string sql) => Judge(sql).Should().Be("sent");

    [Theory]
    [InlineData("select 1; select 2", "ST1601")]
    [InlineData("; select 1", "ST1601")]
    [InlineData("", "ST1601")]
    [InlineData("-- nothing", "ST1601")]
    [InlineData("select 1; commit", "ST1601")]
    [InlineData("delete from shop.orders", "ST1602")]
    [InlineData("begin", "ST1602")]
    [InlineData("set role postgres", "ST1602")]
    [InlineData("do $$begin end$$", "ST1602")]
    [InlineData("copy t to stdout", "ST1602")]
    [InlineData("call p()", "ST1602")]
    [InlineData("prepare a as select 1", "ST1602")]
    [InlineData("declare c cursor for select 1", "ST1602")]
    [InlineData("(delete from t)", "ST1602")]
    [InlineData("\"select\" 1", "ST1602")]
    [InlineData("select 'a", "ST1603")]
    [InlineData("select U&\"\\0061\"", "ST1603")]
    [InlineData("select 'a\0b'", "ST1603")]
    public void TryRead_AnythingElse_IsNot(string sql, string code) => Judge(sql).Should().Be(code);

    [Theory]
    [InlineData("with d as (delete from t returning *) select * from d")]
    [InlineData("with d as materialized (update t set a = 1 returning 1) select 1")]
    [InlineData("with d as (with e as (select 1) delete from t) select 1")]
    [InlineData("with d as (insert into t values (1) returning 1) table d")]
    [InlineData("with d as (merge into t using u on true when matched then delete) select 1")]
    [InlineData("select * from t for update")]
    [InlineData("select * from t for no key update")]
    [InlineData("select * from t for /* x */ key share nowait")]
    [InlineData("select * from (select * from t FOR SHARE) q")]
    public void TryRead_WhatLocksWhileItIsAnalysed_IsNotSent(string sql) => Judge(sql).Should().Be("ST1602");

    [Theory]
    [InlineData("select \"update\", \"delete\" from t")]
    [InlineData("select count(\"delete\") from t")]
    [InlineData("select update, delete from t")]
    [InlineData("select substring(a for 3) from t")]
    [InlineData("select 'delete from t; insert into u'")]
    public void TryRead_SuchWordsAsNames_AreSent(string sql) => Judge(sql).Should().Be("sent");

    [Fact]
    public void TryRead_HalfOfASurrogatePair_IsNotSent() => Judge("select '" + (char)0xD800 + "'").Should().Be("ST1603");

    [Fact]
    public void TryRead_NestedJustAsDeepAsAllowed_IsSentAndOneDeeperIsNot()
    {
        Judge($"select {Repeated("(", TextCaps.DeepestNesting)}1{Repeated(")", TextCaps.DeepestNesting)}").Should().Be("sent");
        Judge($"select {Repeated("(", TextCaps.DeepestNesting + 1)}1{Repeated(")", TextCaps.DeepestNesting + 1)}").Should().Be("ST1604");
    }

    [Fact]
    public void TryRead_ThreeThousandNestedSubselects_AreNotSent() =>
        Judge($"{Repeated("select (", 3000)}select 1{Repeated(")", 3000)}").Should().Be("ST1604");

    [Theory]
    [InlineData("not ", TextCaps.MostNestingWords)]
    [InlineData("select 1 union all ", TextCaps.MostSelects)]
    public void TryRead_WhatNestsWithoutParentheses_IsBounded(string part, int most)
    {
        var end = part.StartsWith("select", StringComparison.Ordinal) ? "select 1" : "true";
        var begin = part.StartsWith("select", StringComparison.Ordinal) ? "" : "select ";
        Judge($"{begin}{Repeated(part, most - 1)}{end}").Should().Be("sent");
        Judge($"{begin}{Repeated(part, most + 1)}{end}").Should().Be("ST1604");
    }

    [Fact]
    public void TryRead_LongerThanTheCap_IsNotSent()
    {
        Judge($"select '{new string('a', PostgresOperations.LongestStatement - 9)}'").Should().Be("sent");
        Judge($"select '{new string('a', PostgresOperations.LongestStatement)}'").Should().Be("ST1604");
    }

    [Fact]
    public void TryRead_ManyTokens_AreNotSent() => Judge($"select {Repeated("1,", TextCaps.MostTokens)}1").Should().Be("ST1604");

    [Fact]
    public void TryRead_NameLongerThanTheServerKeeps_IsNotSent() => Judge($"select {new string('a', 64)}").Should().Be("ST1603");

    [Fact]
    public void TryRead_Names_AreThoseOfTheText()
    {
        TextCaps.TryRead("select \"Do\"\"m\", Ä, 'not_me' from x where a <=> b", out var read, out _).Should().BeTrue();
        read!.Names.Should().Contain(["Do\"m", "Ä", "x", "<=>"]).And.NotContain("not_me");
        read.Names.Contains("DO\"M").Should().BeTrue("the server may fold what we do not");
    }
}
