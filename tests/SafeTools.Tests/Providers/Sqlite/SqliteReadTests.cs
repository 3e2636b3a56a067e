namespace SafeTools.Tests.Providers.Sqlite;

public sealed class SqliteReadTests : IDisposable
{
    private readonly SqliteSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("select name from customers order by id", """[["Ada"],["Grüße ☃"],["O'Neil"]]""")]
    [InlineData("select c.name, sum(o.total) from orders o join customers c on c.id = o.customer group by c.name order by 2 desc", """[["Ada",30.5],["Grüße ☃",5.25]]""")]
    [InlineData("select c.name, o.id from customers c left join orders o on o.customer = c.id where o.id is null", """[["O'Neil",null]]""")]
    [InlineData("with a as (select 1 as x union all select 2) select x from a order by x", "[[1],[2]]")]
    [InlineData("with a as (select 1 as x union all select 2) select count(*) from a", "[[2]]")]
    [InlineData("select count(*) from (select 1 union select 2) as s", "[[2]]")]
    [InlineData("with recursive n(i) as (select 1 union all select i + 1 from n where i < 5) select sum(i) from n", "[[15]]")]
    [InlineData("values (1, 'a'), (2, 'b')", """[[1,"a"],[2,"b"]]""")]
    [InlineData("select id, row_number() over (order by total desc), lag(id) over (order by id) from orders order by id", "[[1,2,null],[2,1,1],[3,3,2]]")]
    [InlineData("select json_extract(note, '$.a[1]'), note ->> '$.a[0]', note -> '$.a' from orders where id = 2", """[[2,1,"[1,2]"]]""")]
    [InlineData("select value from orders, json_each(orders.note, '$.a') where orders.id = 2", "[[1],[2]]")]
    [InlineData("select json_group_array(id) from orders", """[["[1,2,3]"]]""")]
    [InlineData("select strftime('%Y', placed), julianday('2026-01-02') - julianday('2026-01-01') from orders where id = 1", """[["2026",1]]""")]
    [InlineData("select count(*), avg(total), min(total), max(total), group_concat(id, '-') from orders", """[[3,11.916666666666666,5.25,20,"1-2-3"]]""")]
    [InlineData("/* first */ -- second\n select 1 /* after */ ; -- end", "[[1]]")]
    [InlineData("select 1;", "[[1]]")]
    [InlineData("select 1;;\n;", "[[1]]")]
    [InlineData("\uFEFFselect 1", "[[1]]")]
    [InlineData("select '; drop table customers; --', 'it''s'", """[["; drop table customers; --","it's"]]""")]
    [InlineData("select [id] as \"a;b\" from `orders` where id = 1", "[[1]]")]
    [InlineData("select id from big_orders order by id", "[[1],[2]]")]
    [InlineData("select rowid from docs where docs match 'quick'", "[[1]]")]
    [InlineData("select highlight(docs, 0, '<', '>') from docs('fox') order by rank", """[["the quick brown <fox>"]]""")]
    [InlineData("select body from notes where notes match 'note'", """[["one quick note"]]""")]
    [InlineData("select name from sqlite_schema where type = 'view'", """[["big_orders"]]""")]
    [InlineData("select count(*) from sqlite_master where type = 'view'", "[[1]]")]
    [InlineData("select replace(name, 'A', 'a'), upper(name), name like 'a%', printf('%05d', id) from customers where id = 1", """[["ada","ADA",1,"00001"]]""")]
    [InlineData("select 9223372036854775807, -9223372036854775807 - 1, 9e999, -9e999, 0.1, null", """[[9223372036854775807,-9223372036854775808,"Infinity","-Infinity",0.1,null]]""")]
    [InlineData("select 1 as a, 2 as a, 3", "[[1,2,3]]")]
    [InlineData("select scan from orders where id = 1", """[[{"base64":"AP8Q","bytes":3}]]""")]
    [InlineData("select cast(x'41ff42' as text), '', x''", """[["A�B","",{"base64":"","bytes":0}]]""")]
    [InlineData("select char(65, 0, 66)", """[["A\u0000B"]]""")]
    [InlineData("select id from orders where 1 = 0", "[]")]
    [InlineData("select id from orders where id in (select id from big_orders) intersect select 2 limit 1", "[[2]]")]
    public async Task Execute_OneRead_AnswersItsRows(string sql, string rows)
    {
        var before = _sandbox.Everything();
        (await _sandbox.Rows(sql)).Should().Be(rows);
        _sandbox.Everything().Should().Be(before);
    }

    [Fact]
    public async Task Execute_Read_AnswersColumnsCountAndWholeness() =>
        SqliteSandbox.Data(await _sandbox.Ask("select id, id as id, name from customers where id = 1")).ToJsonString()
            .Should().Be("""{"columns":["id","id","name"],"rows":[[1,1,"Ada"]],"row_count":1,"truncated":false}""");

    [Fact]
    public async Task Execute_TextOutsideTheBasicPlane_StaysIntact() =>
        SqliteSandbox.Data(await _sandbox.Ask("select '🌍\u202Ex'"))["rows"]![0]![0]!.GetValue<string>().Should().Be("🌍\u202Ex");

    [Fact]
    public async Task Execute_ExplainQueryPlan_ShowsThePlan() =>
        SqliteSandbox.Data(await _sandbox.Ask("explain query plan select * from orders"))["columns"]!.AsArray().Should().HaveCount(4);

    [Theory]
    [InlineData("pragma encoding = 'UTF-16le'")]
    [InlineData("pragma encoding = 'UTF-16be'")]
    public async Task Execute_DatabaseInUtf16_AnswersItsText(string encoding)
    {
        using var sandbox = new SqliteSandbox(before: encoding);
        (await sandbox.Rows("select name from customers where id = 2")).Should().Be("""[["Grüße ☃"]]""");
    }

    [Fact]
    public async Task Execute_PlainDatabase_LeavesNothingBeside()
    {
        await _sandbox.Ask("select * from orders order by random()");
        Directory.GetFileSystemEntries(_sandbox.Folder).Should().Equal(_sandbox.File);
    }

    [Fact]
    public async Task Execute_WalDatabaseInUse_SeesCommittedRowsAndWritesNeitherFileNorLog()
    {
        using var sandbox = new SqliteSandbox(before: "pragma journal_mode = wal");
        using var application = SqliteSandbox.OpenWritable(sandbox.File);
        SQLitePCL.raw.sqlite3_exec(application, "insert into customers values (4, 'late')").Should().Be(SQLitePCL.raw.SQLITE_OK);
        var before = (await File.ReadAllBytesAsync(sandbox.File), await ReadShared(sandbox.File + "-wal"));

        (await sandbox.Rows("select name from customers where id = 4")).Should().Be("""[["late"]]""");

        before.Item2.Should().NotBeEmpty();
        (await File.ReadAllBytesAsync(sandbox.File)).Should().Equal(before.Item1);
        (await ReadShared(sandbox.File + "-wal")).Should().Equal(before.Item2);
    }

    [Fact]
    public async Task Execute_WalDatabaseAtRest_DoesNotChangeTheFile()
    {
        using var sandbox = new SqliteSandbox(before: "pragma journal_mode = wal");
        var before = await File.ReadAllBytesAsync(sandbox.File);
        (await sandbox.Rows("select count(*) from customers")).Should().Be("[[3]]");
        (await File.ReadAllBytesAsync(sandbox.File)).Should().Equal(before);
    }

    [Fact]
    public async Task Execute_DatabaseReplacedByAnotherEnvironment_IsStale()
    {
        var request = _sandbox.Query("select name from customers");
        var seen = await _sandbox.See(request);
        _sandbox.Write("update safetools_environment set name = 'production'");
        var execution = await _sandbox.Provider.Execute(new Ticket("a", request, seen.Fingerprint), new Progress<ProviderProgress>(), CancellationToken.None);
        SqliteSandbox.Why(execution).Code.Should().Be(RefusalCatalog.Stale);
    }

    [Fact]
    public async Task Preview_Database_TellsItsVersions()
    {
        _sandbox.Write("pragma user_version = 7; pragma application_id = 99");
        (await _sandbox.See(_sandbox.Query("select 1"))).Facts.Should().Contain(new Fact("user_version", new FactValue.Count(7), FactSource.Provider))
            .And.Contain(new Fact("application_id", new FactValue.Count(99), FactSource.Provider))
            .And.Contain(fact => fact.Name == "schema_version");
    }

    private static async Task<byte[]> ReadShared(string path)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }
}
