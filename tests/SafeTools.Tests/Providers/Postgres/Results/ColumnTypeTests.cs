using Npgsql;
using SafeTools.Providers.Postgres;
using SafeTools.Tests.Providers.Postgres.Support;

namespace SafeTools.Tests.Providers.Postgres.Results;

public sealed class ColumnTypeTests : IAsyncLifetime
{
    private const string Setup = """
        create type mood as enum ('sad', 'so, so', 'NULL');;
        create domain price as numeric(8,2);;
        create domain corner as box;;
        create type pair as (a int, b text);;
        create table shop (id int, mood mood);;
        insert into shop values (1, 'so, so');
        """;

    private Database _database = null!;

    public async Task InitializeAsync() => _database = await Database.New(Setup);

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [InlineData("1.5::numeric(10,2)", "numeric(10,2)")]
    [InlineData("1.5::numeric", "numeric")]
    [InlineData("1000::numeric(3,-2)", "numeric(3,-2)")]
    [InlineData("'x'::varchar(5)", "character varying(5)")]
    [InlineData("'x'::char(3)", "character(3)")]
    [InlineData("now()::timestamp(3)", "timestamp(3) without time zone")]
    [InlineData("now()", "timestamp with time zone")]
    [InlineData("1::int8", "bigint")]
    [InlineData("'a'::\"char\"", "\"char\"")]
    [InlineData("array['pg_class'::regclass]", "regclass[]")]
    [InlineData("row(1)", "record")]
    [InlineData("array[1]", "integer[]")]
    [InlineData("1::price", "numeric(8,2)")]
    [InlineData("'x'", "text")]
    [InlineData("null", "text")]
    public async Task Read_BuiltInType_IsNamedAsTheServerWould(string expression, string name)
    {
        foreach (var loads in new[] { true, false })
            (await Columns($"select {expression} as c", loads)).Should().Be($$"""[{"name":"c","type":"{{name.Replace("\"", "\\u0022", StringComparison.Ordinal)}}"}]""");
    }

    [Theory]
    [InlineData(true, "array['so, so', 'NULL', null]::mood[]", """["so, so","NULL",null]""")]
    [InlineData(false, "array['so, so', 'NULL', null]::mood[]", "\"{\\\"so, so\\\",\\\"NULL\\\",NULL}\"")]
    [InlineData(true, "'sad'::mood", "\"sad\"")]
    [InlineData(false, "'sad'::mood", "\"sad\"")]
    [InlineData(true, "array[1, null]::price[]", "[\"1.00\",null]")]
    [InlineData(true, "array[box '(1,2),(3,4)', '(5,6),(7,8)']::corner[]", "[\"(3,4),(1,2)\",\"(7,8),(5,6)\"]")]
    [InlineData(true, "array[(1,'a')]::pair[]", "[\"(1,a)\"]")]
    [InlineData(false, "array[(1,'a')]::pair[]", "\"{\\\"(1,a)\\\"}\"")]
    [InlineData(true, "(select s from shop s)", "\"(1,\\\"so, so\\\")\"")]
    public async Task Read_TypeOfAUser_IsReadWhereItIsKnownAndTextElsewhere(bool loads, string expression, string json)
    {
        await using var connection = await Open(loads);
        (await Database.Read(connection, $"select {expression}")).First().Should().Be(json);
    }

    [Fact]
    public async Task Read_TypeOfAUserThatNobodyKnows_IsNamedByItsNumber() =>
        (await Columns("select 'sad'::mood as c", loads: false)).Should().MatchRegex("""^\[\{"name":"c","type":"type [0-9]+"\}\]$""");

    [Fact]
    public async Task Read_TypeFromTheCatalogue_IsNamedAndReadByIt()
    {
        await using var connection = await Open(loads: false);
        var ids = new List<uint>();
        foreach (var name in new[] { "mood", "mood[]", "corner[]" })
        {
            await using var command = new NpgsqlCommand($"select '{name}'::regtype::oid", connection);
            ids.Add((uint)(await command.ExecuteScalarAsync())!);
        }

        var types = new Dictionary<uint, CatalogType> { [ids[0]] = new("mood"), [ids[1]] = new("mood[]", ids[0]), [ids[2]] = new("corner[]", 603, ';') };
        var answer = await Database.Read(connection, "select 'sad'::mood, array['so, so']::mood[], array[box '(1,2),(3,4)']::corner[]", types: types);
        answer.Rows().Should().Be("""[["sad",["so, so"],["(3,4),(1,2)"]]]""");
        answer.Data()["columns"]!.ToJsonString().Should().Contain("\"mood\"").And.Contain("\"mood[]\"").And.Contain("\"corner[]\"");
    }

    private async Task<NpgsqlConnection> Open(bool loads) => await _database.Open(options: settings =>
        settings["Server Compatibility Mode"] = loads ? "None" : "NoTypeLoading");

    private async Task<string> Columns(string sql, bool loads)
    {
        await using var connection = await Open(loads);
        return (await Database.Read(connection, sql)).Data()["columns"]!.ToJsonString();
    }
}
