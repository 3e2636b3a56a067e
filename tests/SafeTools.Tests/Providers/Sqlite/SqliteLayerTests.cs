using SafeTools.Providers.Sqlite;
using SQLitePCL;

namespace SafeTools.Tests.Providers.Sqlite;

/// <summary>Each layer by itself stops a write: the connections here are writable, or the other layers are missing.</summary>
public sealed class SqliteLayerTests : IDisposable
{
    private const string Insert = "insert into customers values (9, 'x')";

    private readonly SqliteSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    public static TheoryData<string> Writes =>
    [
        Insert, "delete from customers", "update customers set name = 'x'", "drop table customers", "create table t (a)", "pragma user_version = 5",
        "pragma journal_mode = wal", "vacuum", "alter table customers add column x", "insert into docs values ('x')",
    ];

    [Theory]
    [MemberData(nameof(Writes))]
    public void OpenFlags_Alone_StopAWrite(string sql)
    {
        var before = _sandbox.Everything();
        raw.sqlite3_open_v2(_sandbox.File, out var database, ReadOnlyDatabase.OpenFlags, null).Should().Be(raw.SQLITE_OK);
        using (database)
        {
            raw.sqlite3_db_readonly(database, "main").Should().Be(1);
            raw.sqlite3_exec(database, sql);
        }

        _sandbox.Everything().Should().Be(before);
    }

    [Fact]
    public void OpenFlags_MissingFile_CreateNothing()
    {
        var before = _sandbox.Everything();
        raw.sqlite3_open_v2(Path.Combine(_sandbox.Folder, "new.db"), out var database, ReadOnlyDatabase.OpenFlags, null).Should().NotBe(raw.SQLITE_OK);
        database.Dispose();
        _sandbox.Everything().Should().Be(before);
    }

    [Fact]
    public async Task OpenFlags_SymbolicLink_IsNotFollowed()
    {
        var link = Path.Combine(_sandbox.Folder, "link.db");
        File.CreateSymbolicLink(link, _sandbox.File);
        var request = _sandbox.Query("select 1") with { Resource = SqliteSandbox.ResourceAt(link) };
        var refusal = (await _sandbox.Provider.Preview(request, CancellationToken.None)).Should().BeOfType<Previewed.Refused>().Subject.Refusal;
        refusal.Code.Should().Be(RefusalCatalog.ResourceUnavailable);
        refusal.Message.Should().Contain("symbolic link");
    }

    [Theory]
    [InlineData("file:x.db?mode=rwc")]
    [InlineData("x.db?mode=rwc")]
    [InlineData(":memory:")]
    public async Task OpenFlags_NameThatLooksLikeMore_IsOnlyAName(string name)
    {
        var before = _sandbox.Everything();
        foreach (var path in new[] { name, Path.Combine(_sandbox.Folder, name) })
        {
            var request = _sandbox.Query("select 1") with { Resource = SqliteSandbox.ResourceAt(path) };
            (await _sandbox.Provider.Preview(request, CancellationToken.None)).Should().BeOfType<Previewed.Refused>();
        }

        _sandbox.Everything().Should().Be(before);
    }

    [Fact]
    public void Configure_Alone_StopsWritesToTheSchema()
    {
        using var database = SqliteSandbox.OpenWritable(_sandbox.File);
        EngineHardening.Configure(database).Should().BeTrue();
        raw.sqlite3_exec(database, "pragma writable_schema = 1");
        raw.sqlite3_exec(database, "update sqlite_schema set sql = 'x'").Should().NotBe(raw.SQLITE_OK);
        raw.sqlite3_exec(database, "delete from docs_data").Should().NotBe(raw.SQLITE_OK, "shadow tables are defended");
    }

    [Fact]
    public void Configure_Alone_StopsExtensionsAndTriggers()
    {
        using var database = SqliteSandbox.OpenWritable(_sandbox.File);
        EngineHardening.Configure(database).Should().BeTrue();
        raw.sqlite3_exec(database, "select load_extension('x')").Should().NotBe(raw.SQLITE_OK);
        raw.sqlite3_errmsg(database).utf8_to_string().Should().Be("not authorized");
        raw.sqlite3_exec(database, "insert into orders (id) values (77)").Should().Be(raw.SQLITE_OK);
        raw.sqlite3_prepare_v2(database, "select count(*) from customers", out var statement);
        using (statement)
        {
            raw.sqlite3_step(statement);
            raw.sqlite3_column_int(statement, 0).Should().Be(3, "the trigger that empties the table did not run");
        }
    }

    [Fact]
    public void Limit_Alone_StopsAttach()
    {
        using var database = SqliteSandbox.OpenWritable(_sandbox.File);
        EngineHardening.Limit(database).Should().BeTrue();
        raw.sqlite3_exec(database, $"attach '{Path.Combine(_sandbox.Folder, "other.db")}' as o").Should().NotBe(raw.SQLITE_OK);
        Directory.GetFileSystemEntries(_sandbox.Folder).Should().Equal(_sandbox.File);
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public void Authorizer_Alone_StopsAWrite(string sql)
    {
        var before = _sandbox.Everything();
        using (var database = SqliteSandbox.OpenWritable(_sandbox.File))
        {
            var authorizer = ReadAuthorizer.Guard(database);
            raw.sqlite3_exec(database, sql).Should().NotBe(raw.SQLITE_OK);
            authorizer.Denied.Should().NotBeNull();
        }

        _sandbox.Everything().Should().Be(before);
    }

    [Theory]
    [InlineData("attach ':memory:' as o", "ATTACH")]
    [InlineData("detach o", "DETACH")]
    [InlineData("begin", "a transaction")]
    [InlineData("savepoint a", "a transaction")]
    [InlineData("pragma query_only", "PRAGMA")]
    [InlineData("pragma data_version = 1", "PRAGMA")]
    [InlineData("select load_extension('x')", "the function load_extension")]
    [InlineData("select * from pragma_table_info('customers')", "PRAGMA")]
    [InlineData("delete from customers", "writing")]
    public void Authorizer_Denial_IsNamedInWords(string sql, string denied)
    {
        using var database = SqliteSandbox.OpenWritable(_sandbox.File);
        var authorizer = ReadAuthorizer.Guard(database);
        authorizer.Know("customers");
        raw.sqlite3_exec(database, sql).Should().NotBe(raw.SQLITE_OK);
        authorizer.Denied.Should().Be(denied);
    }

    [Theory]
    [InlineData("select 1 from customers")]
    [InlineData("select name from customers")]
    public void Authorizer_TableNobodyNamed_IsDeniedOnceAColumnIsRead(string sql)
    {
        using var database = SqliteSandbox.OpenWritable(_sandbox.File);
        var authorizer = ReadAuthorizer.Guard(database);
        authorizer.Forbid("customers");
        raw.sqlite3_exec(database, sql).Should().Be(raw.SQLITE_AUTH);
        authorizer.Denied.Should().Be("an internal table");
    }

    [Theory]
    [MemberData(nameof(Writes))]
    [InlineData("select 1; delete from customers")]
    [InlineData("delete from customers returning *")]
    [InlineData("with a as (select 1) delete from customers returning *")]
    [InlineData("pragma query_only")]
    [InlineData("begin")]
    [InlineData("attach ':memory:' as o")]
    [InlineData("explain select 1")]
    public void PreparedRead_Alone_StopsAWrite(string sql)
    {
        var before = _sandbox.Everything();
        using (var database = SqliteSandbox.OpenWritable(_sandbox.File))
            PreparedRead.TryPrepare(database, sql, code => EngineFault.Of(database, code), out _, out _).Should().BeFalse();
        _sandbox.Everything().Should().Be(before);
    }

    [Fact]
    public void Judge_BrokenUnicodeOrNul_IsInvalid()
    {
        foreach (var sql in new[] { "select '\uD800'", "select \uDC00", "select 1\0" })
            PreparedRead.Judge(sql)!.Code.Should().Be(RefusalCatalog.InvalidStatement);
    }

    [Theory]
    [InlineData("select 1")]
    [InlineData("with a as (select 1) select * from a -- end")]
    public void PreparedRead_Read_IsPrepared(string sql)
    {
        using var database = SqliteSandbox.OpenWritable(_sandbox.File);
        PreparedRead.TryPrepare(database, sql, code => EngineFault.Of(database, code), out var statement, out _).Should().BeTrue();
        statement!.Dispose();
    }

    [Theory]
    [InlineData("select hex(zeroblob(1000000))")]
    [InlineData("select randomblob(2000000)")]
    public void Limit_Alone_BoundsValues(string sql)
    {
        using var database = SqliteSandbox.OpenWritable(_sandbox.File);
        EngineHardening.Limit(database).Should().BeTrue();
        raw.sqlite3_exec(database, sql).Should().Be(raw.SQLITE_TOOBIG);
    }
}
