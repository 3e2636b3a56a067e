using SafeTools.Providers.Postgres;

namespace SafeTools.Tests.Providers.Postgres.Sql;

public sealed class ExplainTextTests
{
    private static ReadText? Read(string sql) => TextCaps.TryRead(sql, out var read, out _) ? read : null;

    [Theory]
    [InlineData("explain select 1", "EXPLAIN (costs on) select 1")]
    [InlineData("EXPLAIN VERBOSE select 1", "EXPLAIN (verbose on) select 1")]
    [InlineData("explain (format json, costs off) select 1", "EXPLAIN (costs off, format json) select 1")]
    [InlineData("explain (verbose) (select 1)", "EXPLAIN (verbose on) (select 1)")]
    [InlineData("explain (select 1)", "EXPLAIN (costs on) (select 1)")]
    [InlineData("explain (costs false) with a as (select 1) table a;", "EXPLAIN (costs off) with a as (select 1) table a;")]
    [InlineData("EXPLAIN (ANALYZE OFF) select 1", "EXPLAIN (costs on) select 1")]
    [InlineData("explain (analyze false, format json) select 1", "EXPLAIN (format json) select 1")]
    [InlineData("explain (analyze 0, buffers off, timing off, wal off, memory off, serialize none) select 1", "EXPLAIN (costs on) select 1")]
    public void Read_PlanOfARead_IsWrittenAnew(string sql, string run)
    {
        var read = Read(sql);
        read.Should().NotBeNull();
        read!.Kind.Should().Be(ReadKind.Explain);
        read.Run.Should().Be(run);
        run.Should().EndWith(read.Body);
    }

    [Theory]
    [InlineData("explain analyze select 1")]
    [InlineData("explain analyse select 1")]
    [InlineData("explain verbose analyze select 1")]
    [InlineData("explain (analyze) select 1")]
    [InlineData("explain (analyze on) select 1")]
    [InlineData("explain (analyze off, analyze) select 1")]
    [InlineData("explain (analyze maybe) select 1")]
    [InlineData("explain (\"analyze\" true) select 1")]
    [InlineData("explain (buffers on) select 1")]
    [InlineData("explain (serialize text) select 1")]
    [InlineData("explain (generic_plan) select 1")]
    [InlineData("explain (buffers) select 1")]
    [InlineData("explain (settings) select 1")]
    [InlineData("explain (format json, format text) select 1")]
    [InlineData("explain (costs maybe) select 1")]
    [InlineData("explain (format) select 1")]
    [InlineData("explain () select 1")]
    [InlineData("explain (costs select 1")]
    [InlineData("explain delete from t")]
    [InlineData("explain create table t as select 1")]
    [InlineData("explain execute p")]
    [InlineData("explain declare c cursor for select 1")]
    [InlineData("explain explain select 1")]
    [InlineData("explain")]
    public void Read_WhatExecutesOrIsUnknown_Refuses(string sql)
    {
        TextCaps.TryRead(sql, out _, out var refusal).Should().BeFalse();
        refusal!.Code.Should().Be(RefusalCatalog.NotARead);
    }
}
