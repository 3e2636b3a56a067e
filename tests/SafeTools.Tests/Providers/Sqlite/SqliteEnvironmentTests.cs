namespace SafeTools.Tests.Providers.Sqlite;

public sealed class SqliteEnvironmentTests
{
    private const string Table = "create table safetools_environment (name text);";

    [Theory]
    [InlineData(Table + "insert into safetools_environment values ('staging')", "staging")]
    [InlineData(Table + "insert into safetools_environment values ('staging'), ('production')", "staging,production")]
    [InlineData("create table SafeTools_Environment (NAME text); insert into safetools_environment values ('qa-2')", "qa-2")]
    [InlineData("create table x (a)", "")]
    [InlineData(Table, "")]
    [InlineData(Table + "insert into safetools_environment values (null)", "")]
    [InlineData(Table + "insert into safetools_environment values ('')", "")]
    [InlineData(Table + "insert into safetools_environment values (x'7374')", "")]
    [InlineData(Table + "insert into safetools_environment values ('staging'), (x'00')", "")]
    [InlineData(Table + "insert into safetools_environment values ('sta ging')", "")]
    [InlineData(Table + "insert into safetools_environment values (printf('%.*c', 100, 'a'))", "")]
    [InlineData("create table safetools_environment (other text); insert into safetools_environment values ('staging')", "")]
    [InlineData("create view safetools_environment as select 'staging' as name", "")]
    [InlineData("create virtual table safetools_environment using fts5(name); insert into safetools_environment values ('staging')", "")]
    [InlineData("create table safetools_environment (a, name generated always as (iif(random() > 0, 'staging', 'local')) virtual)", "", false)]
    [InlineData(Table + "insert into safetools_environment select 'a' || value from json_each('[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]')", "")]
    public async Task Preview_Marker_IsTheDatabasesOwnTable(string schema, string names, bool valid = true)
    {
        if (!valid)
        {
            // SQLite itself refuses a marker that computes by chance.
            FluentActions.Invoking(() => new SqliteSandbox(schema).Dispose()).Should().Throw<Exception>();
            return;
        }

        using var sandbox = new SqliteSandbox(schema);
        var before = sandbox.Everything();
        var preview = await sandbox.See(sandbox.Query("select 1"));
        string.Join(',', preview.Environment.Names).Should().Be(names);
        preview.Environment.Source.Should().Be("table safetools_environment in the database");
        sandbox.Everything().Should().Be(before);
    }

    [Fact]
    public async Task Preview_FileThatIsNoDatabase_Refuses()
    {
        using var sandbox = new SqliteSandbox();
        await File.WriteAllTextAsync(sandbox.File, new string('x', 5000));
        var refusal = (await sandbox.Provider.Preview(sandbox.Query("select 1"), CancellationToken.None)).Should().BeOfType<Previewed.Refused>().Subject.Refusal;
        refusal.Code.Should().Be(RefusalCatalog.ResourceUnavailable);
    }

    [Fact]
    public async Task Preview_LockedByAWriter_RefusesInBoundedTime()
    {
        using var sandbox = new SqliteSandbox();
        using var application = SqliteSandbox.OpenWritable(sandbox.File);
        SQLitePCL.raw.sqlite3_exec(application, "begin exclusive").Should().Be(SQLitePCL.raw.SQLITE_OK);
        var request = sandbox.Query("select 1", Limits.Default with { Time = TimeSpan.FromMilliseconds(200) });
        var refusal = (await sandbox.Provider.Preview(request, CancellationToken.None)).Should().BeOfType<Previewed.Refused>().Subject.Refusal;
        refusal.Code.Should().Be(RefusalCatalog.ResourceUnavailable);
        refusal.Message.Should().Be("The database is locked by a writer.");
    }

    [Fact]
    public async Task Preview_HotJournal_IsNotRolledBack()
    {
        using var sandbox = new SqliteSandbox();
        using var application = SqliteSandbox.OpenWritable(sandbox.File);
        SQLitePCL.raw.sqlite3_exec(application, "pragma cache_size = 1; pragma cache_spill = 1; begin; update customers set name = hex(zeroblob(20000))");
        var torn = sandbox.Folder + "-torn";
        Directory.CreateDirectory(torn);
        foreach (var file in Directory.GetFiles(sandbox.Folder))
            File.Copy(file, Path.Combine(torn, Path.GetFileName(file)));
        try
        {
            File.Exists(Path.Combine(torn, "shop.db-journal")).Should().BeTrue();
            var before = SqliteSandbox.Everything(torn);
            var request = sandbox.Query("select 1") with { Resource = SqliteSandbox.ResourceAt(Path.Combine(torn, "shop.db")) };
            var refusal = (await sandbox.Provider.Preview(request, CancellationToken.None)).Should().BeOfType<Previewed.Refused>().Subject.Refusal;
            refusal.Code.Should().Be(RefusalCatalog.ResourceUnavailable);
            SqliteSandbox.Everything(torn).Should().Be(before);
        }
        finally
        {
            Directory.Delete(torn, recursive: true);
        }
    }
}
