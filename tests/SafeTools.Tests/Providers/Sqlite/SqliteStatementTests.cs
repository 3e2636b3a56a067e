using SafeTools.Providers.Sqlite;
using SQLitePCL;

namespace SafeTools.Tests.Providers.Sqlite;

public sealed class SqliteStatementTests : IDisposable
{
    private readonly SqliteSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("select $1, $2")]
    [InlineData("select :name, :count")]
    [InlineData("select $2 || :name")]
    [InlineData("select '$3', \"a$9\", a$1b, [$4], $1 /* $5 */, $2 -- $6")]
    [InlineData("with a as (select $1 as x) select x from a where x <> $2;")]
    public void Check_GoodStatement_HasNoFaults(string sql) => Faults(sql).Should().BeEmpty();

    [Theory]
    [InlineData("select $1, $2, $3", "placeholder $3")]
    [InlineData("select $0, $1, $2", "placeholder $0")]
    [InlineData("select $01, $1, $2", "placeholder $01")]
    [InlineData("select ?, $1, $2", "placeholder ?")]
    [InlineData("select ?1, $1, $2", "placeholder ?1")]
    [InlineData("select @name, $1, $2", "placeholder @name")]
    [InlineData("select $name, $1, $2", "placeholder $name")]
    [InlineData("select :other, $1, $2", "placeholder :other")]
    [InlineData("select #1, $1, $2", "placeholder #1")]
    [InlineData("select $1::text, $1, $2", "placeholder $1::text")]
    [InlineData("select $1(a;b), $1, $2", "placeholder $1(a;b)")]
    [InlineData("select $1", "parameter count")]
    [InlineData("select '$1', $2", "parameter name")]
    [InlineData("select \"$1\", $2", "parameter name")]
    [InlineData("select 1 -- $1\n, $2", "parameter name")]
    [InlineData("select a$1, $2", "parameter name")]
    [InlineData("select $1; select $2", "exactly one")]
    [InlineData("delete from customers where name = $1 and id = $2", "Only SELECT")]
    [InlineData("pragma user_version", "Only SELECT")]
    [InlineData("explain select $1, $2", "Only SELECT")]
    [InlineData("", "exactly one")]
    public void Check_BadStatement_NamesTheFault(string sql, string fault) => Faults(sql).Should().ContainMatch($"*{fault}*");

    [Theory]
    [InlineData("select $1", ParameterType.String, "x' or 1=1 --", """[["x' or 1=1 --"]]""")]
    [InlineData("select :p", ParameterType.String, "", """[[""]]""")]
    [InlineData("select $1", ParameterType.String, "a\0b", """[["a\u0000b"]]""")]
    [InlineData("select typeof($1), :p + 1", ParameterType.Integer, 41, """[["integer",42]]""")]
    [InlineData("select typeof($1), $1", ParameterType.Number, 1.5, """[["real",1.5]]""")]
    [InlineData("select $1, typeof($1)", ParameterType.Boolean, true, """[[1,"integer"]]""")]
    [InlineData("select $1 is null", ParameterType.String, null, "[[1]]")]
    public async Task Execute_Parameter_IsBoundAsAValue(string sql, ParameterType type, object? value, string rows) =>
        SqliteSandbox.Rows(await _sandbox.Run(_sandbox.Statement(sql, ("p", type, value)))).Should().Be(rows);

    [Fact]
    public async Task Execute_PlaceholdersOutOfOrder_FollowTheDeclaration() =>
        SqliteSandbox.Rows(await _sandbox.Run(_sandbox.Statement("select $2, :a, $1, :b", ("a", ParameterType.Integer, 1), ("b", ParameterType.Integer, 2))))
            .Should().Be("[[2,1,1,2]]");

    [Fact]
    public async Task Execute_QueryWithPlaceholder_Refuses() =>
        (await _sandbox.Refusal("select * from customers where id = $1")).Code.Should().Be(RefusalCatalog.InvalidStatement);

    [Theory]
    [InlineData("select * from nowhere", "There is no table named nowhere.")]
    [InlineData("select c.missing from customers c", "There is no column named c.missing.")]
    [InlineData("select nofunction(1)", "There is no function named nofunction.")]
    [InlineData("select id from customers, orders", "The column name id is ambiguous.")]
    [InlineData("select 1 from from customers", "There is a syntax error near from.")]
    [InlineData("select * from \"/etc/passwd\"", "The engine does not understand the statement or cannot run it.")]
    [InlineData("select 'x' 'y' 'secret value /etc'", "The engine does not understand the statement or cannot run it.")]
    [InlineData("select (", "The statement is incomplete.")]
    [InlineData("select json_extract(name, '$') from customers", "The engine does not understand the statement or cannot run it.")]
    public async Task Execute_EngineError_ShowsAtMostAPlainName(string sql, string message) => (await _sandbox.Refusal(sql)).Message.Should().Be(message);

    [Theory]
    [InlineData("select load_extension('x')", "The statement would need the function load_extension; only reading is allowed.")]
    [InlineData("select * from pragma_database_list", "The statement would need PRAGMA; only reading is allowed.")]
    [InlineData("with a as (select 1) delete from customers", "The statement would need writing; only reading is allowed.")]
    public async Task Execute_Denial_SaysWhatWasDenied(string sql, string message) => (await _sandbox.Refusal(sql)).Message.Should().Be(message);

    [Theory]
    [InlineData(raw.SQLITE_CORRUPT, "ST1503")]
    [InlineData(raw.SQLITE_NOTADB, "ST1503")]
    [InlineData(raw.SQLITE_IOERR, "ST1503")]
    [InlineData(raw.SQLITE_READONLY_ROLLBACK, "ST1503")]
    [InlineData(raw.SQLITE_READONLY, "ST1602")]
    [InlineData(raw.SQLITE_AUTH, "ST1602")]
    [InlineData(raw.SQLITE_NOMEM, "ST1604")]
    [InlineData(raw.SQLITE_TOOBIG, "ST1604")]
    [InlineData(raw.SQLITE_MISMATCH, "ST1603")]
    [InlineData(12345, "ST1603")]
    public void Of_AnyCode_IsARefusalWithoutTheEnginesText(int code, string refusal)
    {
        var fault = EngineFault.Of(code, "secret at /srv/data: row 'x'");
        fault.Code.Id.Should().Be(refusal);
        fault.Message.Should().NotContain("secret").And.NotContain("/srv");
    }

    private List<string> Faults(string sql)
    {
        var request = _sandbox.Statement(sql, ("name", ParameterType.String, "x"), ("count", ParameterType.Integer, 1));
        return [.. _sandbox.Provider.Check(request.Operation, request.Settings, request.Parameters)];
    }
}
