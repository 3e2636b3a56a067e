namespace SafeTools.Tests.Providers.Sqlite;

/// <summary>The database itself is hostile: what it holds runs only as far as an agent's own statement would.</summary>
public sealed class SqliteSchemaAttackTests
{
    private const string Base = "create table t (a); insert into t values (1);";

    [Theory]
    [InlineData("create view v as select load_extension('evil') as x", "select x from v", "ST1602")]
    [InlineData("create view v as select fts3_tokenizer('simple') as x", "select * from v", "ST1602")]
    [InlineData("create view v as select * from pragma_database_list", "select file from v", "ST1602")]
    [InlineData("create view v as select * from pragma_database_list", "select count(*) from v", "ST1602")]
    [InlineData("create view v as select * from sqlite_dbpage", "select * from v", "ST1602|ST1603")]
    [InlineData("create view v as with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) as m from n", "select m from v", "ST1504")]
    [InlineData("create view v1 as select * from v2; create view v2 as select * from v1", "select * from v1", "ST1603")]
    [InlineData("create table g (a, b generated always as (hex(zeroblob(a))) virtual); insert into g(a) values (900000)", "select b from g", "ST1604")]
    [InlineData("create table g (a, b generated always as (printf('%.*c', a, 'x')) virtual); insert into g(a) values (900000)", "select b from g", "ok")]
    [InlineData("create table pragma_table_list (a); insert into pragma_table_list values (5)", "select a from pragma_table_list", "ok")]
    [InlineData("create virtual table r using rtree(id, x0, x1)", "select * from r", "ST1602")]
    [InlineData("create virtual table f using fts5(b); create virtual table w using fts5vocab(f, row)", "select * from w", "ok")]
    [InlineData("create trigger g after insert on t begin delete from t; end", "select a from t", "ok")]
    public async Task Execute_HostileSchema_StaysAReadWithinItsLimits(string schema, string sql, string codes)
    {
        using var sandbox = new SqliteSandbox(Base + schema);
        var before = sandbox.Everything();
        var time = codes == "ST1504" ? TimeSpan.FromMilliseconds(500) : TimeSpan.FromSeconds(30);
        var execution = await sandbox.Ask(sql, new Limits(10, 64 * 1024, time));
        sandbox.Everything().Should().Be(before);
        codes.Split('|').Should().Contain(execution is Execution.Failed failed ? failed.Why.Code.Id : "ok", execution.ToString());
    }

    [Theory]
    [InlineData("create virtual table x using nosuchmodule(a)", "select * from x", "ST1603")]
    [InlineData("create virtual table x using nosuchmodule(a)", "select a from t", "ok")]
    [InlineData("create table x (a, b default (load_extension('x')), check (load_extension('y')))", "select a from x", "ok")]
    [InlineData("create table x (a); delete from t", "select a from t", "ok")]
    [InlineData("garbage", "select a from t", "ST1503")]
    public async Task Execute_SchemaWrittenByHand_StaysAReadWithinItsLimits(string definition, string sql, string code)
    {
        using var sandbox = new SqliteSandbox(Base + "create table x (a)");
        var text = $"'{definition.Replace("'", "''", StringComparison.Ordinal)}'";
        var root = definition.StartsWith("create virtual", StringComparison.Ordinal) ? "0" : "rootpage";
        sandbox.Write($"pragma writable_schema = 1; update sqlite_schema set sql = {text}, rootpage = {root} where name = 'x'");
        var before = sandbox.Everything();

        var previewed = await sandbox.Provider.Preview(sandbox.Query(sql), CancellationToken.None);
        var answer = previewed is Previewed.Refused refused ? refused.Refusal.Code.Id
            : await sandbox.Ask(sql) is Execution.Failed failed ? failed.Why.Code.Id : "ok";

        answer.Should().Be(code);
        sandbox.Everything().Should().Be(before);
    }

    [Fact]
    public async Task Execute_ViewsThatDoubleEachOther_EndInTime()
    {
        var views = string.Join(';', Enumerable.Range(1, 40).Select(i => $"create view v{i} as select a.a from v{i - 1} a, v{i - 1} b"));
        using var sandbox = new SqliteSandbox($"{Base} create view v0 as select a from t; {views}");
        var refusal = await sandbox.Refusal("select count(*) from v40", new Limits(10, 1000, TimeSpan.FromMilliseconds(500)));
        refusal.Code.Id.Should().BeOneOf("ST1504", "ST1604");
    }
}
