using System.Diagnostics;
using System.Text;

namespace SafeTools.Tests.Providers.Sqlite;

/// <summary>Statements that try to do more than read, or to cost more than they may. Whatever the answer, the folder stays as it is.</summary>
public sealed class SqliteAttackTests : IDisposable
{
    private static readonly Limits Short = new(100, 64 * 1024, TimeSpan.FromMilliseconds(500));

    private readonly SqliteSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    /// <summary>The codes that may answer, <c>ok</c> for a bounded result, and the statement.</summary>
    public static TheoryData<string, string> Attacks()
    {
        var attacks = new TheoryData<string, string>();
        foreach (var (codes, sql) in Table())
            attacks.Add(codes, sql);
        return attacks;
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Execute_Attack_ChangesNothingAndIsBounded(string codes, string sql)
    {
        var before = _sandbox.Everything();
        var limits = codes.Contains("ST1504", StringComparison.Ordinal) ? Short : Short with { Time = TimeSpan.FromSeconds(30) };
        var watch = Stopwatch.StartNew();

        var execution = await _sandbox.Ask(sql, limits);

        watch.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(20));
        _sandbox.Everything().Should().Be(before);
        if (execution is Execution.Done done)
            Encoding.UTF8.GetByteCount(done.Data.ToJsonString()).Should().BeLessThanOrEqualTo((int)Short.Bytes);
        var answer = execution is Execution.Failed failed ? failed.Why.Code.Id : "ok";
        codes.Split('|').Should().Contain(answer, execution.ToString());
        execution.ToString().Should().NotContain(_sandbox.Folder);
    }

    [Theory]
    [MemberData(nameof(Attacks))]
    public void Check_AttackAsStatement_NeverThrows(string codes, string sql)
    {
        var operation = _sandbox.Provider.Operations.Single(operation => operation.Name == "sqlite.statement");
        var faults = _sandbox.Provider.Check(operation, new SettingValues(new Dictionary<string, string> { ["statement"] = sql }), []).ToList();
        if (codes == "ST1601")
            faults.Should().NotBeEmpty();
    }

    private static IEnumerable<(string Codes, string Sql)> Table() =>
    [
        .. Each("ST1601", MoreThanOne),
        .. Each("ST1602", Writes),
        .. Each("ST1602", Reaching),
        .. Each("ST1602|ST1603", Unknown),
        .. Each("ST1603", Broken),
        .. Each("ST1504|ST1604|ok", Costly),
        .. Each("ST1504|ST1604|ST1603|ok", Built()),
        .. Each("ok", Harmless),
    ];

    private static IEnumerable<(string Codes, string Sql)> Each(string codes, IEnumerable<string> statements) => statements.Select(sql => (codes, sql));

    private static readonly string[] MoreThanOne =
    [
        "", " ", ";", "-- nothing", "/* nothing */;",
        "select 1; drop table customers", "select 1; select 2", "select '--';\ndrop table customers;", "select 1;;delete from customers",
        "commit; drop table customers", "; delete from customers", "select 1 -- x\n; delete from customers",
        "select 1; /* ; */ update customers set name = 'x'", "select ';' ; vacuum", "select \"a;b\"\"\"; delete from orders",
        "create trigger g after delete on orders begin select 1; end", "create trigger g before insert on orders begin delete from customers; end;",
        "select 1;\uFEFFdelete from orders", "select 1; -- \rdelete\n delete from orders", "values (1); insert into customers values (9, 'x')",
        "select 1; pragma query_only = 0", "select [;]; delete from orders", "select `;`; delete from orders", "select 1;\vdelete from customers",
    ];

    private static readonly string[] Writes =
    [
        "insert into customers values (9, 'x')", "insert into customers values (9, 'x') returning *", "update customers set name = 'x'",
        "update customers set name = 'x' returning id", "delete from customers", "delete from customers returning *", "replace into customers values (1, 'x')",
        "/* x */ update customers set name = 'x'", "-- x\nupdate customers set name = 'x'", "/* select */ delete from customers",
        "with x as (select 1) delete from customers", "with x as (select 1) insert into customers select 9, 'x' from x",
        "with x as (select 1) update customers set name = 'x' returning *", "with recursive x(i) as (select 1) replace into customers select i, 'x' from x",
        "create table t (a)", "create temp table t (a)", "create temporary view v as select 1", "create table t as select * from customers",
        "create index i on customers (name)", "create view v as select 1",
        "create virtual table t using fts5(a)", "drop table customers", "drop view big_orders", "drop trigger on_order", "alter table customers rename to c",
        "alter table customers add column x", "alter table customers drop column name", "reindex", "analyze", "vacuum", "vacuum into 'stolen.db'",
        "vacuum into '/proc/self/cwd/stolen.db'", "begin", "begin exclusive", "commit", "rollback", "end", "savepoint a", "release a", "rollback to a",
        "pragma writable_schema = 1", "pragma query_only = 0", "pragma query_only(0)", "pragma journal_mode = delete", "pragma journal_mode = wal",
        "pragma trusted_schema = 1", "pragma user_version = 5", "pragma wal_checkpoint(truncate)", "pragma incremental_vacuum", "pragma optimize",
        "pragma temp_store_directory = '.'", "pragma data_version", "pragma page_size", "pragma table_info(customers)", "pragma integrity_check",
        "attach 'other.db' as o", "attach database 'file:other.db?mode=rwc' as o", "attach ':memory:' as o", "attach '' as o", "detach main",
        "explain insert into customers values (9, 'x')", "explain delete from customers", "explain query plan delete from customers",
        "explain select 1", "explain query plan insert into customers values (9, 'x')", "explain query plan with x as (select 1) delete from customers",
        "insert into docs(docs) values ('optimize')", "insert into docs(docs) values ('rebuild')", "insert into sqlite_schema values (1, 2, 3, 4, 5)",
        "with x as (select 1) delete from sqlite_schema", "with x as (select 1) insert into docs(docs, rank) select 'rank', 'bm25()'",
        "insert into safetools_environment values ('local')", "do select 1", "call p()", "copy customers to 'stolen'", "set query_only = off", "edit()", ".shell ls",
    ];

    private static readonly string[] Reaching =
    [
        "select load_extension('evil')", "select load_extension('evil', 'entry')", "with a as (select 1) select load_extension('evil') from a",
        "select fts3_tokenizer('simple')", "select fts3_tokenizer('simple', x'4141414141414141')", "select optimize(notes) from notes",
        "select matchinfo(notes) from notes where notes match 'note'", "select hex(matchinfo(notes, 'x')) from notes", "select sqlite_log(1, 'x')",
        "select sqlite_compileoption_get(1)", "select * from pragma_table_info('customers')", "select * from pragma_database_list",
        "select file from pragma_database_list()", "select count(*) from pragma_database_list", "select 1 from main.pragma_compile_options",
        "select (select count(*) from pragma_function_list)", "select * from \"pragma_journal_mode\"", "select * from pragma_journal_mode('wal')",
        "select * from pragma_user_version(5)", "with pragma_x as (select 1) select count(*) from pragma_database_list",
        "select * from fts3tokenize('simple', 'a')", "select count(*) from fts3tokenize", "select rtreecheck('docs')", "select geopoly_debug(1)",
        "select name from customers order by load_extension('x')", "select 1 from customers group by load_extension('x')",
        "select 1 where load_extension('x') is null", "select sum(1) filter (where load_extension('x') is null) from customers",
        "select row_number() over (order by load_extension('x')) from customers", "select case when 0 then load_extension('x') end",
        "values (load_extension('x'))", "explain query plan select load_extension('x')", "select coalesce(1, LOAD_EXTENSION('x'))",
        "select \"load_extension\"('x')", "select [load_extension]('x')", "select /**/load_extension/**/('x')", "select * from sqlite_temp_schema",
    ];

    private static readonly string[] Unknown =
    [
        "select readfile('/etc/passwd')", "select writefile('stolen', 'x')", "select edit('x')", "select * from sqlite_dbpage", "select data from sqlite_dbpage(1)",
        "select * from dbstat", "select count(*) from sqlite_dbpage", "select * from sqlite_stmt", "select * from bytecode('select 1')", "select * from fsdir('.')",
        "select * from generate_series(1, 10)", "select * from zipfile('x')", "select * from csv('x')", "select eval('delete from customers')", "select pg_read_file('/etc/passwd')",
        "select dblink_exec('x', 'delete from orders')", "select load_file('/etc/passwd')", "select * from other.customers", "select * from temp.customers",
        "select shell('ls')", "select system('ls')", "select * from sqlite_sequence", "select * into t2 from customers", "select U&\"\\006coad_extension\"('x')",
    ];

    private static readonly string[] Broken =
    [
        "select", "select 1; \0 delete from customers", "select 1\0; delete from customers", "select 'unterminated",
        "select 1 /* ; */ ; select".Replace(" ; select", " from", StringComparison.Ordinal), "select * from nothing", "select nothing from customers", "select nothing()",
        "select ?", "select ?1", "select $1", "select :sql", "select @a", "select $a::b", "select $a(1)", "select max(min(count(*))) from customers",
        "select 1 /*!50000 ; drop table customers */ +", "with x as (delete from customers returning *) select * from x", "with a as (insert into customers values (1,2)) select 1",
        "select * from (delete from customers returning *)", "select 1 from customers limit (delete from customers)",
        "with recursive a as (select * from b), b as (select * from a) select * from a", "select json_extract('{', '$')", "select abs(-9223372036854775807 - 1)",
    ];

    private static readonly string[] Costly =
    [
        "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n", "with recursive n(i) as (select 1 union all select i + 1 from n) select i from n",
        "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n, n as m", "select zeroblob(2000000000)", "select randomblob(2000000000)",
        "select hex(zeroblob(1000000))", "select length(hex(hex(hex(zeroblob(500000)))))", "select printf('%.*c', 2000000000, 'x')", "select printf('%2000000000d', 1)",
        "select printf('%.2000000000f', 1.5)", "select quote(zeroblob(1000000))", "select replace(hex(zeroblob(30000)), '0', hex(zeroblob(30000)))",
        "select group_concat(hex(zeroblob(100000))) from (with recursive n(i) as (select 1 union all select i + 1 from n limit 100) select i from n)",
        "select json_group_array(hex(zeroblob(100000))) from (with recursive n(i) as (select 1 union all select i + 1 from n limit 1000) select i from n)",
        "select instr(hex(zeroblob(500000)), hex(zeroblob(250000)) || '1')", "select instr(hex(zeroblob(30000)), hex(zeroblob(15000)) || '1')",
        "select trim(hex(zeroblob(30000)), replace(hex(zeroblob(15000)), '0', 'b') || 'a')", "select replace(hex(zeroblob(30000)), hex(zeroblob(15000)) || '1', 'x')",
        "select hex(zeroblob(500000)) like '%0%0%0%0%0%0%0%0%0%0%1'", "select hex(zeroblob(500000)) glob '*0*0*0*0*0*0*0*0*0*0*1'",
        "select 'a' like printf('%.*c', 100000, '%')", "with recursive n(i) as (select 1 union all select i + 1 from n limit 100000000) select i from n order by i desc",
        "with recursive n(i) as (select 0 union all select i + 1 from n limit 3000) select count(*) from n a, n b, n c, n d",
        "with recursive n(s) as (select 'a' union all select s || s from n) select max(length(s)) from n", "with recursive n(i) as (values (1) union select i + random() from n) select count(*) from n",
        "with recursive n(i) as (select 1 union all select i + 1 from n limit 5000) select sum(i) over (order by i rows between unbounded preceding and unbounded following exclude current row) from n",
        "select json_patch('{}', '[1]')", "select unhex(hex(zeroblob(500000)))", "select strftime(printf('%.*c', 1000, '%'), 'now')",
    ];

    private static readonly string[] Harmless =
    [
        "select 1 --; delete from customers", "select 1 /* ; delete from customers */", "select 'delete from customers; --'", "select 1--1;DROP TABLE v",
        "select json_set('{}', '$.a', 1)", "select randomblob(10)", "select * from sqlite_schema", "select name as \"drop table customers\" from customers",
        "select replace('update', 'up', 'in')", "select changes from (select 1 as changes)", "select 1 as begin_", "explain query plan select 1",
    ];

    private static IEnumerable<string> Built() =>
    [
        $"select {new string('(', 8000)}1{new string(')', 8000)}",
        $"select {string.Join(" + ", Enumerable.Repeat("1", 4000))}",
        $"select {string.Concat(Enumerable.Repeat("-+", 4000))}1",
        $"select {string.Concat(Enumerable.Repeat("not ", 3000))}1",
        string.Join(" union all ", Enumerable.Repeat("select 1", 900)),
        string.Join(" union all ", Enumerable.Repeat("select 1", 10_000)),
        $"select 1 where 1 in ({string.Join(',', Enumerable.Range(0, 3000))})",
        $"select 1 where 1 in ({string.Join(',', Enumerable.Range(0, 20_000))})",
        $"select {string.Join(',', Enumerable.Range(0, 1900))}",
        $"select {string.Join(',', Enumerable.Repeat("hex(zeroblob(400000))", 250))}",
        $"select {string.Join(',', Enumerable.Repeat("instr(hex(zeroblob(30000)), hex(zeroblob(15000)) || '1')", 30))}",
        $"select {string.Join(',', Enumerable.Repeat("instr('a', 'b')", 60))}",
        $"select {string.Join(',', Enumerable.Repeat("'a' like '%b'", 200))}",
        $"select {string.Join(',', Enumerable.Repeat("hex(zeroblob(500000)) like '%0%0%0%0%0%0%0%0%01'", 32))}",
        $"select concat({string.Join(',', Enumerable.Repeat("1", 500))})",
        $"select count(*) from {string.Join(',', Enumerable.Range(0, 60).Select(i => $"orders o{i}"))}",
        $"select count(*) from {string.Join(',', Enumerable.Range(0, 300).Select(i => $"orders o{i}"))}",
        $"select {new string(' ', 20_000)} 1",
        $"select 1 /* {new string('x', 16_000)}",
        $"select '{new string('\u20AC', 16_000)}'",
        $"{string.Concat(Enumerable.Repeat("select * from (", 400))}select 1{new string(')', 400)}",
        $"select json('{new string('[', 5000)}{new string(']', 5000)}') is not null",
    ];
}
