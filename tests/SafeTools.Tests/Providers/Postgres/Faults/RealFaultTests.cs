using Npgsql;
using SafeTools.Providers.Postgres;
using SafeTools.Tests.Providers.Postgres.Support;

namespace SafeTools.Tests.Providers.Postgres.Faults;

/// <summary>What a real server says when statements fail, and what is left of it.</summary>
public sealed class RealFaultTests : IAsyncLifetime
{
    private const string Canary = "CANARY_9c1e";

    private const string Setup = $"""
        create table orders (id int primary key, secret text not null, constraint "{Canary}_c" check (secret <> ''));;
        insert into orders values (1, '{Canary}');;
        create table hidden (id int);;
        create function raises() returns int language plpgsql as $$ begin raise exception '{Canary}' using detail = '{Canary}', hint = '{Canary}', column = '{Canary}'; end $$;;
        create function broken() returns int language plpgsql as $$ begin return (select {Canary} from orders); end $$;;
        create materialized view empty as select 1 with no data;;
        """;

    private Database _database = null!;

    public async Task InitializeAsync() => _database = await Database.New(Setup);

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [InlineData("selec 1", "ST1603", "There is a syntax error near \"selec\" (character 1).")]
    [InlineData("select 1 from where", "ST1603", "There is a syntax error near \"where\" (character 15).")]
    [InlineData("select (1", "ST1603", "There is a syntax error (character 10).")]
    [InlineData("select 'x", "ST1603", "There is a syntax error (character 8).")]
    [InlineData("select 1; select 2", "ST1601", "Send exactly one statement; after it only a semicolon and comments may follow.")]
    [InlineData("select * from nowhere", "ST1603", "There is no such table or view near \"nowhere\" (character 15).")]
    [InlineData("select * from nowhere.orders", "ST1603", "There is no such table or view near \"nowhere.orders\" (character 15).")]
    [InlineData("select o.nothing from orders o", "ST1603", "There is no such column near \"o.nothing\" (character 8).")]
    [InlineData("select nothing from orders", "ST1603", "There is no such column near \"nothing\" (character 8).")]
    [InlineData("select nothing(1)", "ST1603", "There is no such function or operator for these types near \"nothing\" (character 8).")]
    [InlineData("select 1::nothing", "ST1603", "There is no such type or other object near \"nothing\" (character 11).")]
    [InlineData("select 1 + true", "ST1603", "There is no such function or operator for these types (character 10).")]
    [InlineData("select 1::bool::date", "ST1603", "One type cannot be cast to the other (character 15).")]
    [InlineData("select case when true then 1 else 'x'::text end", "ST1603", "Types do not match; cast one of them (character 28).")]
    [InlineData("select id from orders a, orders b", "ST1603", "A column name is ambiguous near \"id\" (character 8).")]
    [InlineData("select id, count(*) from orders group by secret", "ST1603", "A column must be grouped or aggregated, or an aggregate stands where none may near \"id\" (character 8).")]
    [InlineData("select * from empty", "ST1603", "Something that the statement reads cannot be read in its present state.")]
    [InlineData("select * from other.public.orders", "ST1603", "The server does not support what the statement asks for near \"other.public.orders\" (character 15).")]
    [InlineData("select 1 / (id - 1) from orders", "ST1607", "Something was divided by zero.")]
    [InlineData("select secret::int from orders", "ST1607", "A text is not a value of the type that it is converted to.")]
    [InlineData("select 'CANARY'::int", "ST1607", "A text is not a value of the type that it is converted to (character 8).")]
    [InlineData("select secret::date from orders", "ST1607", "A text is not a valid date or time, or one is out of range.")]
    [InlineData("select 2147483647 + id from orders", "ST1607", "A number, date or interval is out of its type's range.")]
    [InlineData("select raises()", "ST1607", "A function of the database ended with an error.")]
    [InlineData("select broken()", "ST1603", "There is no such column.")]
    [InlineData("select (select id from orders union all select 2)", "ST1607", "A subquery that must give one row gave several.")]
    [InlineData("insert into orders values (2, 'x')", "ST1602", "The statement does something that is not allowed while only reading.")]
    [InlineData("vacuum orders", "ST1602", "The statement does something that is not allowed while only reading.")]
    [InlineData("select xmlparse(document secret) from orders", "ST1607", "A text is not valid XML.")]
    [InlineData("select secret ~ '(' from orders", "ST1607", "A regular expression, root, logarithm or bucket has an argument that is not valid.")]
    [InlineData("select pg_sleep(20)", "ST1504", "The statement was stopped after 1 s.")]
    public async Task Of_StatementThatFails_SaysWhyInOurWords(string sql, string code, string words)
    {
        var (fault, refusal) = await Fail(sql);
        refusal.ToString().Should().Be($"{code}: {words}", $"{fault.SqlState} {fault.MessageText} at {fault.Position}");
        refusal.Message.Should().NotContain(Canary);
        ServerFault.EndsSession(fault).Should().BeFalse();
    }

    /// <summary>Writes that an owner's credential would be allowed: constraint, detail and row are in the server's text.</summary>
    [Theory]
    [InlineData($"insert into orders values (1, '{Canary}')")]
    [InlineData("insert into orders values (2, '')")]
    [InlineData("insert into orders values (2, null)")]
    public async Task Of_BrokenConstraint_ShowsNothingOfIt(string sql)
    {
        var (fault, refusal) = await Fail(sql, readOnly: false);
        fault.MessageText.Should().Contain("orders");
        refusal.Code.Should().Be(RefusalCatalog.NotARead);
        refusal.Message.Should().NotContain(Canary).And.NotContain("orders");
    }

    [Fact]
    public async Task Of_TableWithoutRight_IsNotReadable()
    {
        await _database.Change("drop role if exists faults_reader;; create role faults_reader login password 'pw'");
        var (_, refusal) = await Fail("select * from hidden", role: "faults_reader");
        refusal.Code.Should().Be(RefusalCatalog.NotReadable);
        await _database.Change("drop role faults_reader");
    }

    [Fact]
    public async Task Of_LockedTable_IsUnavailable()
    {
        await using var locker = await _database.Open();
        await Database.Run(locker, "begin");
        await Database.Run(locker, "lock table orders");
        (await Fail("select * from orders")).Refusal.Message.Should().Be("Something that the statement reads is locked by others. Try again later.");
    }

    [Fact]
    public async Task Of_SpaceBeyondTheLimit_IsTooCostly()
    {
        var (_, refusal) = await Fail("select count(*) from (select * from generate_series(1, 3000000) i order by i::text desc offset 1) s", "set temp_file_limit = '1MB'", "set work_mem = '64kB'", "set statement_timeout = 0");
        refusal.Code.Should().Be(RefusalCatalog.StatementTooCostly);
    }

    [Fact]
    public async Task Of_DeepNesting_IsTooCostly()
    {
        (await Fail($"select {new string('(', 20000)}1{new string(')', 20000)}")).Refusal.Code.Should().Be(RefusalCatalog.StatementTooCostly);
        (await Fail($"select 1{string.Concat(Enumerable.Repeat("+1", 5000))}", "set max_stack_depth = '100kB'")).Refusal.Code.Should().Be(RefusalCatalog.StatementTooCostly);
    }

    [Fact]
    public async Task Of_TerminatedSession_IsUnavailableAndEndsIt()
    {
        await using var connection = await _database.Open();
        await _database.Change($"select pg_terminate_backend({connection.ProcessID}, 5000)");
        var fault = await Caught(() => Database.Run(connection, "select 1"));
        ServerFault.EndsSession(fault).Should().BeTrue();
        ServerFault.Of(fault, "select 1", TimeSpan.FromSeconds(1)).Code.Should().Be(RefusalCatalog.ResourceUnavailable);
    }

    [Theory]
    [InlineData("nobody_at_all", "postgres", "ST1508")]
    [InlineData("postgres", "no_such_database", "ST1503")]
    public async Task Of_LoginThatFails_SaysWhichKind(string user, string database, string code)
    {
        var settings = new NpgsqlConnectionStringBuilder(PostgresServer.Superuser) { Username = user, Database = database };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        var fault = await Caught(() => connection.OpenAsync());
        ServerFault.Of(fault, "", TimeSpan.FromSeconds(1)).Code.Id.Should().Be(code);
        ServerFault.EndsSession(fault).Should().BeTrue();
    }

    [Fact]
    public async Task Of_LoginWithoutRightToConnect_IsRefusedCredential()
    {
        await _database.Change($"create role faults_outsider login password 'pw';; revoke connect on database {_database.Name} from public");
        var fault = await Caught(() => _database.Open("faults_outsider"));
        ServerFault.Of(fault, "", TimeSpan.FromSeconds(1)).Code.Should().Be(RefusalCatalog.CredentialRefused);
        await _database.Change("drop role faults_outsider");
    }

    [Fact]
    public async Task Of_NoServer_IsUnavailable()
    {
        var settings = new NpgsqlConnectionStringBuilder(PostgresServer.Superuser) { Port = 1 };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        var fault = await Caught(() => connection.OpenAsync());
        ServerFault.Knows(fault).Should().BeTrue();
        ServerFault.Of(fault, "", TimeSpan.FromSeconds(1)).Code.Should().Be(RefusalCatalog.ResourceUnavailable);
    }

    private async Task<(PostgresException Fault, Refusal Refusal)> Fail(string sql, params string[] settings) => await Fail(sql, settings: settings, role: null);

    private async Task<(PostgresException Fault, Refusal Refusal)> Fail(string sql, bool readOnly = true, string? role = null, params string[] settings)
    {
        await using var connection = await _database.Open(role);
        await Database.Run(connection, "set lock_timeout = '100ms'");
        await Database.Run(connection, "set statement_timeout = '1s'");
        foreach (var setting in settings)
            await Database.Run(connection, setting);
        await Database.Run(connection, readOnly ? "begin read only" : "begin");
        var fault = (PostgresException)await Caught(() => Database.Read(connection, sql));
        return (fault, ServerFault.Of(fault, sql, TimeSpan.FromSeconds(1)));
    }

    private static async Task<Exception> Caught(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception fault) when (ServerFault.Knows(fault))
        {
            return fault;
        }

        throw new InvalidOperationException("It did not fail.");
    }
}
